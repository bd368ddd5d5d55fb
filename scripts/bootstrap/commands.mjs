import { SetupError } from './setup-error.mjs';

/**
 * @typedef {object} Command
 * @property {string} entry TypeScript file to run, relative to the repository's root
 * @property {'root' | 'caller'} workingDirectory where it runs: a command that takes file names from the user keeps the user's folder
 */

/** @type {ReadonlyMap<string, Command>} */
export const COMMANDS = new Map([
  ['start', { entry: 'packages/starter/src/main.ts', workingDirectory: 'root' }],
  ['test', { entry: 'scripts/test.ts', workingDirectory: 'root' }],
  ['check', { entry: 'scripts/check.ts', workingDirectory: 'root' }],
  ['bench', { entry: 'scripts/bench.ts', workingDirectory: 'root' }],
  ['soak', { entry: 'scripts/soak.ts', workingDirectory: 'root' }],
  ['footprint', { entry: 'scripts/footprint.ts', workingDirectory: 'root' }],
  ['docs', { entry: 'scripts/write-docs.ts', workingDirectory: 'root' }],
  ['understudy', { entry: 'packages/cli/src/main.ts', workingDirectory: 'caller' }],
]);

/**
 * @param {string | undefined} name
 * @returns {Command}
 */
export function commandNamed(name) {
  const command = COMMANDS.get(name ?? '');
  if (command !== undefined) return command;
  throw new SetupError(
    name === undefined ? 'no command was given' : `there is no command "${name}"`,
    `node scripts/bootstrap.mjs ${[...COMMANDS.keys()].join('|')} [arguments]`,
  );
}
