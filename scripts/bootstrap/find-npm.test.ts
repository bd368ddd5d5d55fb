import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { findNpm } from './find-npm.mjs';

const execPath = join('/opt', 'node', 'bin', 'node');
const exists =
  (...paths: string[]) =>
  (path: string) =>
    paths.includes(path);

describe('findNpm', () => {
  test('takes the npm that runs this script', () => {
    const env = { npm_execpath: '/home/me/npm/bin/npm-cli.js' };
    assert.deepEqual(findNpm({ env, execPath, platform: 'linux', exists: exists('/home/me/npm/bin/npm-cli.js') }), {
      file: execPath,
      args: ['/home/me/npm/bin/npm-cli.js'],
      shell: false,
    });
  });

  test('does not take pnpm or yarn for npm', () => {
    const env = { npm_execpath: '/home/me/pnpm/bin/pnpm.cjs' };
    const besideNode = join('/opt', 'node', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
    assert.deepEqual(
      findNpm({ env, execPath, platform: 'linux', exists: exists('/home/me/pnpm/bin/pnpm.cjs', besideNode) }),
      {
        file: execPath,
        args: [besideNode],
        shell: false,
      },
    );
  });

  test('falls back to PATH, by a shell where npm is a .cmd file', () => {
    const nowhere = { env: {}, execPath, exists: () => false };
    assert.deepEqual(findNpm({ ...nowhere, platform: 'linux' }), { file: 'npm', args: [], shell: false });
    assert.deepEqual(findNpm({ ...nowhere, platform: 'win32' }), { file: 'npm.cmd', args: [], shell: true });
  });
});
