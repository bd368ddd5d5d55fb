import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { SetupError } from './setup-error.mjs';

/**
 * Runs a command's TypeScript with the chosen Node, in this terminal, and outlives it: on Ctrl-C the child drains, and the prompt must not come back before.
 * @param {{ root: string, nodePath: string, command: import('./commands.mjs').Command, args: readonly string[] }} run
 * @returns {Promise<number>} the child's exit code, or 128 + signal
 */
export function runCommand({ root, nodePath, command, args }) {
  const entry = join(root, command.entry);
  if (!existsSync(entry))
    throw new SetupError(`${command.entry} is missing`, 'this checkout is incomplete: `git status` shows what is gone');

  const child = spawn(nodePath, [entry, ...args], {
    cwd: command.workingDirectory === 'root' ? root : process.cwd(),
    env: childEnvironment(root, nodePath),
    stdio: 'inherit',
  });
  const stopPassing = passSignalsTo(child);
  const stopWatching = process.env.npm_lifecycle_event === undefined ? () => {} : endWithParent(child);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      stopPassing();
      stopWatching();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/**
 * @param {string} root
 * @param {string} nodePath
 * @param {NodeJS.ProcessEnv} [env]
 */
export function childEnvironment(root, nodePath, env = process.env) {
  const pathKey = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH'; // Windows writes it "Path".
  return {
    ...env,
    // `node` in a script or a child process is the chosen one.
    [pathKey]: [dirname(nodePath), env[pathKey]].filter(Boolean).join(delimiter),
    // Stripping types costs each process 65 ms and 18 MB unless the result is kept (Node 26, measured).
    NODE_COMPILE_CACHE: env.NODE_COMPILE_CACHE ?? join(root, '.understudy', 'compile-cache'),
  };
}

/**
 * A terminal sends Ctrl-C to its whole process group, so the child has it already: passing it on would look like an impatient second one.
 * Without a terminal the signal came to this process alone.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void} undoes it
 */
function passSignalsTo(child) {
  const toChild = /** @param {NodeJS.Signals} signal */ (signal) => child.kill(signal);
  const onInterrupt = process.stdin.isTTY ? () => {} : toChild;
  const handlers = /** @type {const} */ ([
    ['SIGINT', onInterrupt],
    ['SIGTERM', toChild],
    ['SIGHUP', toChild],
  ]);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}

/** How soon the end of the parent is seen, in ms. */
const LOOK_AT_PARENT_MS = 500;

/**
 * npm gives a signal that it gets to the shell between, and that dies without passing it on: the bot would play on with nobody holding it.
 * So under npm the end of the parent counts as SIGTERM.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void} undoes it
 */
function endWithParent(child) {
  const parent = process.ppid;
  const looking = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(looking);
    child.kill('SIGTERM');
  }, LOOK_AT_PARENT_MS);
  return () => clearInterval(looking);
}
