import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type ChatboxLimits,
  type ChatboxQueue,
  clearChatbox,
  EMPTY_CHATBOX,
  MAX_WAITING,
  nextMessage,
  pushSentence,
} from './chatbox-queue.ts';

const LIMITS: ChatboxLimits = { maxLength: 20, minIntervalMs: 1500, replaceAfterMs: 4000 };

const push = (queue: ChatboxQueue, turnId: string, text: string) => pushSentence(queue, { turnId, text }, LIMITS);

/** Plays the clock in steps of 100 ms and lists what is sent when. */
function play(queue: ChatboxQueue, from: number, until: number): { queue: ChatboxQueue; sent: [number, string][] } {
  const sent: [number, string][] = [];
  let current = queue;
  for (let now = from; now <= until; now += 100) {
    const next = nextMessage(current, now, LIMITS);
    current = next.queue;
    if (next.message !== undefined) sent.push([now, next.message]);
  }
  return { queue: current, sent };
}

test('the first sentence is sent at once', () => {
  const { queue, result } = push(EMPTY_CHATBOX, 'turn-1', 'Hello!');
  assert.equal(result, 'queued');
  assert.deepEqual(nextMessage(queue, 7, LIMITS), {
    message: 'Hello!',
    queue: { turnId: 'turn-1', replacedTurns: [], shown: 'Hello!', shownAt: 7, sentAt: 7, waiting: [] },
  });
});

test('the shown page grows while it has room; what does not fit replaces it after replaceAfterMs', () => {
  const first = play(push(EMPTY_CHATBOX, 'turn-1', 'One.').queue, 0, 0);
  const more = push(push(first.queue, 'turn-1', 'Two.').queue, 'turn-1', 'A third one, long.').queue;
  assert.deepEqual(play(more, 100, 10_000).sent, [
    [1500, 'One. Two.'],
    [5500, 'A third one, long.'],
  ]);
});

test('the newest turn wins: it does not wait for the reading time and drops what waited', () => {
  const first = play(
    push(push(EMPTY_CHATBOX, 'turn-1', 'One, long enough.').queue, 'turn-1', 'Never shown here.').queue,
    0,
    0,
  );
  const second = push(first.queue, 'turn-2', 'Two.');
  assert.deepEqual({ result: second.result, dropped: second.dropped }, { result: 'queued', dropped: 1 });
  assert.deepEqual(play(second.queue, 100, 10_000).sent, [[1500, 'Two.']]);
});

test('a late sentence of a replaced turn is not shown', () => {
  const second = push(push(EMPTY_CHATBOX, 'turn-1', 'One.').queue, 'turn-2', 'Two.').queue;
  assert.deepEqual(push(second, 'turn-1', 'Late.'), { queue: second, result: 'replaced', dropped: 0 });
});

test('a sentence without anything to show takes no place', () => {
  const { queue, result } = push(EMPTY_CHATBOX, 'turn-1', ' \n ');
  assert.deepEqual({ waiting: queue.waiting, result }, { waiting: [], result: 'empty' });
});

test('the queue is bounded: what is too much is dropped and said', () => {
  const long = 'word that is long. '.repeat(MAX_WAITING + 5);
  const { queue, result, dropped } = push(EMPTY_CHATBOX, 'turn-1', long);
  assert.deepEqual(
    { waiting: queue.waiting.length, result, dropped },
    { waiting: MAX_WAITING, result: 'queued', dropped: 5 },
  );
  assert.equal(push(queue, 'turn-1', 'More.').result, 'full');
});

test('clearing keeps the pace: VRChat remembers when it last heard us', () => {
  const first = play(push(EMPTY_CHATBOX, 'turn-1', 'One.').queue, 0, 0);
  const again = push(clearChatbox(first.queue), 'turn-2', 'Two.').queue;
  assert.deepEqual(play(again, 100, 3000).sent, [[1500, 'Two.']]);
});

test('a part that was cut for a longer page is cut again', () => {
  const { queue } = push(EMPTY_CHATBOX, 'turn-1', 'abcdefghij klmnopq');
  const { message, queue: rest } = nextMessage(queue, 0, { ...LIMITS, maxLength: 10 });
  assert.deepEqual({ message, waiting: rest.waiting }, { message: 'abcdefghij', waiting: ['klmnopq'] });
});

test('property: no message comes earlier than minIntervalMs after the last, none is too long, none is empty', () => {
  const sentence = fc.record({
    at: fc.integer({ min: 0, max: 30_000 }),
    turn: fc.integer({ min: 0, max: 4 }),
    text: fc.string({ maxLength: 90 }),
  });
  fc.assert(
    fc.property(fc.array(sentence, { maxLength: 25 }), (sentences) => {
      const arriving = [...sentences].sort((a, b) => a.at - b.at);
      let queue = EMPTY_CHATBOX;
      let lastAt = Number.NEGATIVE_INFINITY;
      for (let now = 0; now <= 40_000; now += 100) {
        while (arriving[0] && arriving[0].at <= now) {
          const { turn, text } = arriving.shift() ?? { turn: 0, text: '' };
          queue = push(queue, `turn-${turn}`, text).queue;
        }
        const next = nextMessage(queue, now, LIMITS);
        queue = next.queue;
        if (next.message === undefined) continue;
        assert.ok(next.message.length > 0 && next.message.length <= LIMITS.maxLength);
        assert.ok(now - lastAt >= LIMITS.minIntervalMs);
        lastAt = now;
      }
    }),
  );
});
