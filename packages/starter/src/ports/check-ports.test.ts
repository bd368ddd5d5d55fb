import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeTaken } from './check-ports.ts';

const port = { protocol: 'tcp', host: '127.0.0.1', port: 8703, setting: 'http.ports.llm-service' } as const;

test('a port that cannot be opened: which, who has it, which setting moves it', () => {
  const told = [
    describeTaken(port, 'EADDRINUSE', { pid: 4242, command: 'python3 -m http.server 8703' }),
    describeTaken(port, 'EADDRINUSE', undefined),
    describeTaken({ ...port, host: '10.9.9.9' }, 'EADDRNOTAVAIL', undefined),
    describeTaken({ ...port, port: 80 }, 'EACCES', undefined),
  ];
  assert.deepEqual(told, [
    'TCP port 8703 (http.ports.llm-service) is in use by process 4242: python3 -m http.server 8703. End it, or set http.ports.llm-service to another port.',
    'TCP port 8703 (http.ports.llm-service) is in use by a process that you may not see. End it, or set http.ports.llm-service to another port.',
    'TCP port 8703 (http.ports.llm-service) cannot be opened: 10.9.9.9 is no address of this machine. Correct the host beside it.',
    'TCP port 80 (http.ports.llm-service) cannot be opened (EACCES). Set http.ports.llm-service to another port, above 1023.',
  ]);
});
