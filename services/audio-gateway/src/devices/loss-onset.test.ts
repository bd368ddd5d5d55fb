import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServiceError } from '@understudy/shared/errors';
import { createFakeClock, createFakeContext } from '@understudy/shared/testing';
import { createLossOnset } from './loss-onset.ts';

function setUp() {
  const clock = createFakeClock();
  const context = createFakeContext('audio-gateway', { clock });
  const loss = createLossOnset(context, 'output');
  const begin = (outage?: string) =>
    loss.begin(
      outage,
      () => new ServiceError('AUDIO_OUTPUT_LOST', 'gone', { subject: 'headset', capability: 'speak' }),
    );
  const told = () => context.errors.map(({ code, subject, capability }) => `${code} ${subject} ${capability}`);
  return { clock, context, loss, begin, told };
}
const SERVER = 'AUDIO_SERVER_LOST pulse:output speak';
const DEVICE = 'AUDIO_OUTPUT_LOST headset speak';

test('a loss is told once, by its cause', () => {
  const { loss, begin, told, context } = setUp();
  assert.deepEqual([begin('it ended'), begin('it refuses')], [context.errors[0], context.errors[0]]);
  assert.equal(loss.standing(), context.errors[0]);
  assert.deepEqual(told(), [SERVER]);
  loss.end();
  assert.equal(loss.standing(), undefined);
  begin();
  begin();
  assert.deepEqual(told(), [SERVER, DEVICE]);
});

test('a device that does not come back with its server is told as lost after its time', async () => {
  const { clock, loss, begin, told, context } = setUp();
  begin('it ended');
  await clock.advance(10_000);
  begin('it ended');
  await clock.advance(3499);
  assert.equal(begin(), context.errors[0]);
  assert.deepEqual(told(), [SERVER]);
  await clock.advance(1);
  assert.equal(begin(), context.errors[1]);
  assert.deepEqual(told(), [SERVER, DEVICE]);
  assert.equal(loss.standing(), context.errors[1]);
});

test('a server that ends after its device was lost is told as well', () => {
  const { loss, begin, told, context } = setUp();
  begin();
  assert.equal(begin('it ended'), context.errors[1]);
  assert.equal(loss.standing(), context.errors[1]);
  assert.deepEqual(told(), [DEVICE, SERVER]);
});
