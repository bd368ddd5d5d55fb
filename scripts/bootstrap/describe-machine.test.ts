import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findsLibatomic } from './describe-machine.mjs';

const machineWith = (file: string) => (path: string) => path.replaceAll('\\', '/') === file;

describe('findsLibatomic', () => {
  const cases = [
    { what: 'Debian on x64', arch: 'x64', file: '/lib/x86_64-linux-gnu/libatomic.so.1', finds: true },
    { what: 'Debian on ARM', arch: 'arm64', file: '/usr/lib/aarch64-linux-gnu/libatomic.so.1', finds: true },
    { what: 'Fedora', arch: 'x64', file: '/usr/lib64/libatomic.so.1', finds: true },
    { what: 'Arch', arch: 'x64', file: '/usr/lib/libatomic.so.1', finds: true },
    {
      what: 'another architecture’s library',
      arch: 'x64',
      file: '/lib/aarch64-linux-gnu/libatomic.so.1',
      finds: false,
    },
    { what: 'a machine without it', arch: 'x64', file: '', finds: false },
  ];
  for (const { what, arch, file, finds } of cases) {
    test(`${what}: ${finds}`, () => assert.equal(findsLibatomic({ arch, exists: machineWith(file) }), finds));
  }

  test('in a folder that LD_LIBRARY_PATH names: true', () => {
    const exists = machineWith('/opt/gcc/libatomic.so.1');
    assert.equal(findsLibatomic({ arch: 'x64', libraryPath: '/opt/other:/opt/gcc', exists }), true);
  });
});
