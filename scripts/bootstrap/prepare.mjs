import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bringToolchain, isToolchainReady, nodePathOf, pnpmScriptOf } from './bring-toolchain.mjs';
import { chooseNode } from './choose-node.mjs';
import { describeMachine } from './describe-machine.mjs';
import { installWorkspace, isWorkspaceInstalled } from './install-workspace.mjs';
import { SetupError } from './setup-error.mjs';
import { withSetupLock } from './setup-lock.mjs';

/** @param {string} line */
const say = (line) => console.error(`understudy: ${line}`);

/**
 * Everything that must be there before a command runs: Node, pnpm, the dependencies. Says nothing and takes no lock when all of it is.
 * @param {string} root the repository's root
 * @returns {Promise<string>} the Node to run with
 * @throws {SetupError}
 */
export async function prepare(root) {
  const wantedVersion = readFileSync(join(root, '.nvmrc'), 'utf8').trim();
  const node = chooseNode(describeMachine(), wantedVersion);
  if (node.type === 'unsupported')
    throw new SetupError(node.problem, 'install Node >= 24 yourself (nodejs.org) and run the command again');

  const toolchain = { folder: join(root, '.understudy', 'toolchain'), node };
  const nodePath = nodePathOf(toolchain);
  if (isToolchainReady(toolchain) && isWorkspaceInstalled(root)) return nodePath;

  mkdirSync(join(root, '.understudy'), { recursive: true });
  await withSetupLock(
    join(root, '.understudy', 'setup.lock'),
    async () => {
      if (!isToolchainReady(toolchain)) await bringToolchain(toolchain, say);
      if (!isWorkspaceInstalled(root))
        await installWorkspace({ root, nodePath, pnpmScript: pnpmScriptOf(toolchain) }, say);
    },
    { onWait: (ownerPid) => say(`waiting for the set-up that process ${ownerPid} is doing`) },
  );
  return nodePath;
}
