import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeRefusedPort } from './describe-refused-port.ts';

const refused = { protocol: 'udp', host: '10.9.9.9', port: 6981, setting: 'audio.listen.port' } as const;

for (const [code, owner, told] of [
  [
    'EADDRINUSE',
    { pid: 4242, command: 'voicemeeter.exe' },
    'UDP port 6981 (audio.listen.port) is held by voicemeeter.exe (process 4242); end it, or set audio.listen.port to a free port',
  ],
  [
    'EADDRINUSE',
    undefined,
    'UDP port 6981 (audio.listen.port) is held by a program that cannot be seen from here; end it, or set audio.listen.port to a free port',
  ],
  [
    'EACCES',
    undefined,
    'the system does not give UDP port 6981 (audio.listen.port): below 1024 it wants rights, and Windows reserves ranges (netsh int ipv4 show excludedportrange protocol=udp); set audio.listen.port to another port',
  ],
  [
    'EADDRNOTAVAIL',
    undefined,
    'UDP port 6981 (audio.listen.port) cannot be opened: 10.9.9.9 is no address of this machine; set the host beside it to 127.0.0.1, or to 0.0.0.0 in a container',
  ],
  [
    'EMFILE',
    undefined,
    'UDP port 6981 (audio.listen.port) at 10.9.9.9 cannot be opened: EMFILE; set audio.listen.port to another port',
  ],
] as const)
  test(`a port that cannot be opened, ${code}${owner ? ' with its owner' : ''}: why and what to do`, () =>
    assert.equal(describeRefusedPort(refused, code, owner), told));
