import assert from 'node:assert/strict';
import { test } from 'node:test';
import { float, integer, message } from '../osc/osc-message.ts';
import { createAvatarParameters } from './avatar-parameters.ts';
import { createParameterOutbox } from './parameter-outbox.ts';

test('each parameter goes out once, with the type of the avatar; the newest value counts', () => {
  const parameters = createAvatarParameters();
  parameters.heard('Emotion', integer(0));
  const outbox = createParameterOutbox(parameters);
  outbox.want({ Mood: 1, Emotion: 1 });
  outbox.want({ Mood: -1 });
  assert.deepEqual(outbox.take(), {
    messages: [message('/avatar/parameters/Mood', float(-1)), message('/avatar/parameters/Emotion', integer(1))],
    leftOut: [],
  });
  assert.deepEqual(outbox.take(), { messages: [], leftOut: [] });
});

test('what the avatar does not have is left out and named; with another avatar it is tried again', () => {
  const parameters = createAvatarParameters();
  parameters.learnAll(new Map(), 'oscquery');
  const outbox = createParameterOutbox(parameters);
  outbox.want({ Mood: 1, Voice: 1 });
  assert.deepEqual(outbox.take(), {
    messages: [],
    leftOut: [
      { name: 'Mood', reason: 'missing' },
      { name: 'Voice', reason: 'read_only' },
    ],
  });
  parameters.forget();
  outbox.resend();
  assert.deepEqual(outbox.take().messages, [message('/avatar/parameters/Mood', float(1))]);
});

test('what the system refused is due again, with the newest value', () => {
  const outbox = createParameterOutbox(createAvatarParameters());
  outbox.want({ Mood: 1 });
  const [refused] = outbox.take().messages;
  outbox.want({ Mood: -1 });
  outbox.take();
  assert.equal(outbox.isEmpty(), true);
  if (refused) outbox.refused(refused);
  assert.deepEqual(outbox.take().messages, [message('/avatar/parameters/Mood', float(-1))]);
});

test('an expression of many parameters is spread over several beats', () => {
  const outbox = createParameterOutbox(createAvatarParameters());
  outbox.want(Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`P${index}`, true])));
  assert.deepEqual(
    [outbox.take(), outbox.take(), outbox.take(), outbox.take()].map(({ messages }) => messages.length),
    [8, 8, 4, 0],
  );
});
