import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@understudy/shared/testing';
import { decodeVban } from '../vban/decode-vban.ts';
import { createVbanPinger } from './vban-pinger.ts';

const TARGET = { stream: 'HeadsetOut', host: '127.0.0.1', port: 6990 };
const STRANGER = { address: '10.0.0.9', port: TARGET.port };

function setUp() {
  const clock = createFakeClock();
  const sent: Buffer[] = [];
  const pinger = createVbanPinger((datagram) => void sent.push(datagram), clock, 0xffffffff);
  const results: (string | undefined)[] = [];
  const ping = (signal?: AbortSignal) => void pinger.ping(TARGET, 150, signal).then((result) => results.push(result));
  const answer = (counter: number, from: { address: string; port: number }, isReply = true) =>
    pinger.onReply({ type: 'ping', stream: TARGET.stream, counter, isReply, application: 'Voicemeeter' }, from);
  return { clock, sent, ping, results, answer };
}

test('a reply with the counter of the question proves life; the counter wraps', async () => {
  const { clock, sent, ping, results, answer } = setUp();
  ping();
  ping();
  assert.deepEqual(
    sent.map((datagram) => decodeVban(datagram)),
    [0, 1].map((counter) => ({
      type: 'ping',
      stream: 'HeadsetOut',
      counter,
      isReply: false,
      application: 'Understudy',
    })),
  );
  answer(1, STRANGER);
  await clock.advance(0);
  assert.deepEqual(results, ['Voicemeeter']);
  await clock.advance(150);
  assert.deepEqual(results, ['Voicemeeter', undefined]);
});

test('a reply with a counter of its own counts only from the address that was asked', async () => {
  const { clock, ping, results, answer } = setUp();
  ping();
  answer(77, STRANGER);
  answer(0, STRANGER, false);
  await clock.advance(0);
  assert.deepEqual(results, []);
  answer(77, { address: TARGET.host, port: TARGET.port });
  await clock.advance(0);
  assert.deepEqual(results, ['Voicemeeter']);
});

test('an aborted question has no answer, and a late reply disturbs nothing', async () => {
  const { clock, ping, results, answer } = setUp();
  const abort = new AbortController();
  ping(abort.signal);
  abort.abort();
  await clock.advance(0);
  assert.deepEqual(results, [undefined]);
  answer(0, STRANGER);
  assert.equal(clock.sleepers(), 0);
});
