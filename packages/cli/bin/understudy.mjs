#!/usr/bin/env node
// `npx understudy ...` from the checkout, on whatever Node (>= 18) the machine has: hands over to the Node that `npm start` brought. It
// installs nothing: whoever only looks must not wait for a set-up.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isToolchainReady, nodePathOf } from '../../../scripts/bootstrap/bring-toolchain.mjs';
import { chooseNode } from '../../../scripts/bootstrap/choose-node.mjs';
import { commandNamed } from '../../../scripts/bootstrap/commands.mjs';
import { describeMachine } from '../../../scripts/bootstrap/describe-machine.mjs';
import { runCommand } from '../../../scripts/bootstrap/run-command.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const node = chooseNode(describeMachine(), readFileSync(join(root, '.nvmrc'), 'utf8').trim());
const toolchain = node.type === 'unsupported' ? undefined : { folder: join(root, '.understudy', 'toolchain'), node };

if (toolchain !== undefined && (node.type === 'installed' || isToolchainReady(toolchain))) {
  process.exitCode = await runCommand({
    root,
    nodePath: nodePathOf(toolchain),
    command: commandNamed('understudy'),
    args: process.argv.slice(2),
  });
} else {
  console.error(`understudy: not set up yet in ${root}\n  -> run npm start there first`);
  process.exitCode = 3;
}
