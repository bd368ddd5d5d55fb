#!/usr/bin/env node
// The door behind `npm start`, `npm test`, `npm run check|bench|understudy`. Plain JavaScript without dependencies, because it runs
// before anything is installed, on whatever Node (>= 18) the machine has.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandNamed } from './bootstrap/commands.mjs';
import { prepare } from './bootstrap/prepare.mjs';
import { runCommand } from './bootstrap/run-command.mjs';
import { SetupError } from './bootstrap/setup-error.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [name, ...args] = process.argv.slice(2);

try {
  const command = commandNamed(name);
  const nodePath = await prepare(root);
  process.exitCode = await runCommand({ root, nodePath, command, args });
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`understudy: ${error.message}`);
  process.exitCode = 1;
}
