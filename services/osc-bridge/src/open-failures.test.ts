import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServiceError } from '@understudy/shared/errors';
import { createFakeContext } from '@understudy/shared/testing';
import { createOpenFailures } from './open-failures.ts';

const portTaken = (port: number) => new ServiceError('OSC_PORT_IN_USE', `${port} is taken`, { subject: `udp:${port}` });

test('a failure is reported at its onset, again once it has ended, and at once when it concerns another port', () => {
  const context = createFakeContext('osc-bridge');
  const failures = createOpenFailures((error) => context.reportError(error));
  const first = failures.begin(portTaken(9001));
  assert.equal(failures.begin(portTaken(9001)), first);
  failures.begin(portTaken(9002));
  assert.equal(failures.of('OSC_PORT_IN_USE')?.subject, 'udp:9002');
  assert.deepEqual([failures.end('OSC_PORT_IN_USE'), failures.end('OSC_PORT_IN_USE')], [true, false]);
  failures.begin(portTaken(9002));
  assert.deepEqual(
    context.errors.map(({ subject }) => subject),
    ['udp:9001', 'udp:9002', 'udp:9002'],
  );
});
