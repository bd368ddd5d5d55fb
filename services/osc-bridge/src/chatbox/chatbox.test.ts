import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bool, message, type OscMessage, text } from '../osc/osc-message.ts';
import { createChatbox } from './chatbox.ts';

function arrange({ takes = true, startedAt = -10_000 } = {}) {
  let time = startedAt;
  let isTaken = takes;
  const sent: OscMessage[] = [];
  const counted: Record<string, number> = {};
  const chatbox = createChatbox({
    now: () => time,
    settings: () => ({ maxLength: 144, minIntervalMs: 1500, replaceAfterMs: 4000, notificationSound: false }),
    send: async (outgoing) => {
      sent.push(outgoing);
      return isTaken;
    },
    count: (result, by = 1) => {
      counted[result] = (counted[result] ?? 0) + by;
    },
  });
  const beat = async (at: number): Promise<OscMessage[]> => {
    time = at;
    chatbox.beat();
    await Promise.resolve();
    await Promise.resolve();
    return sent.splice(0);
  };
  const take = (all: boolean): void => {
    isTaken = all;
  };
  return { chatbox, beat, counted, sent, take };
}

const TYPING_ON = message('/chatbox/typing', bool(true));
const TYPING_OFF = message('/chatbox/typing', bool(false));
const says = (page: string) => message('/chatbox/input', text(page), bool(true), bool(false));

test('a turn: bubble on, the first sentence, the page grows, bubble off', async () => {
  const { chatbox, beat, counted } = arrange();
  assert.deepEqual(await beat(0), [TYPING_OFF]);
  assert.equal(chatbox.take({ turnId: 't1', text: 'Hello!', final: false }), 'queued');
  assert.deepEqual(await beat(100), [TYPING_ON, says('Hello!')]);
  assert.equal(chatbox.take({ turnId: 't1', text: 'How are you?', final: true }), 'queued');
  assert.deepEqual(await beat(200), [TYPING_OFF]);
  assert.equal(chatbox.isIdle(), false);
  assert.deepEqual(await beat(1600), [says('Hello! How are you?')]);
  assert.equal(chatbox.isIdle(), true);
  assert.deepEqual(counted, { sent: 2 });
});

test('a process that has just begun waits: the one before may have sent a moment ago', async () => {
  const { chatbox, beat } = arrange({ startedAt: 0 });
  chatbox.take({ turnId: 't1', text: 'Hello!', final: true });
  assert.deepEqual(await beat(1499), [TYPING_OFF]);
  assert.deepEqual(await beat(1500), [says('Hello!')]);
});

test('the last sentence of a turn that was replaced does not put out the bubble of the present one', async () => {
  const { chatbox, beat } = arrange();
  await beat(0);
  chatbox.take({ turnId: 't1', text: 'One.', final: false });
  chatbox.take({ turnId: 't2', text: 'Two.', final: false });
  assert.equal(chatbox.take({ turnId: 't1', text: 'Late.', final: true }), 'replaced');
  assert.deepEqual(await beat(100), [TYPING_ON, says('Two.')]);
});

test('clearing drops what waits, counts it and puts the bubble out', async () => {
  const { chatbox, beat, counted } = arrange();
  chatbox.take({ turnId: 't1', text: 'Hello!', final: false });
  chatbox.clear();
  assert.deepEqual(await beat(100), [TYPING_OFF]);
  assert.deepEqual(counted, { dropped: 1 });
});

test('after VRChat was away the bubble is put out although nobody lit it', async () => {
  const { chatbox, beat } = arrange();
  await beat(0);
  chatbox.forgetTyping();
  assert.deepEqual([await beat(100), await beat(200)], [[TYPING_OFF], []]);
});

test('a message that the system refuses is counted as failed', async () => {
  const { chatbox, beat, counted } = arrange({ takes: false });
  chatbox.take({ turnId: 't1', text: 'Hello!', final: true });
  await beat(0);
  assert.deepEqual(counted, { failed: 1 });
});

test('what the system refused is said again: a bubble at the next beat, a page after its pause', async () => {
  const { chatbox, beat, counted, take } = arrange();
  await beat(0);
  chatbox.take({ turnId: 't1', text: 'Hello!', final: false });
  take(false);
  assert.deepEqual(await beat(100), [TYPING_ON, says('Hello!')]);
  chatbox.take({ turnId: 't1', text: '', final: true });
  assert.deepEqual(await beat(200), [TYPING_OFF]);
  take(true);
  assert.deepEqual([await beat(300), await beat(1600)], [[TYPING_OFF], [says('Hello!')]]);
  assert.deepEqual(counted, { failed: 1, sent: 1 });
});

test('a page of a turn that was replaced meanwhile is not said again', async () => {
  const { chatbox, beat, take } = arrange();
  await beat(0);
  take(false);
  chatbox.take({ turnId: 't1', text: 'Hello!', final: true });
  const refused = beat(100);
  chatbox.take({ turnId: 't2', text: 'Two.', final: true });
  await refused;
  take(true);
  assert.deepEqual(await beat(1700), [says('Two.')]);
});

test('at the end the bubble is put out at once', async () => {
  const { chatbox, sent } = arrange();
  await chatbox.finish();
  assert.deepEqual(sent, [TYPING_OFF]);
});
