import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { waitFor } from '@understudy/shared/testing';
import { LIMIT_MS, type Stack, startStack } from './stack.ts';

let stack: Stack;
before(async () => {
  stack = await startStack();
});
after(() => stack.stop());

/** Chatbox messages are parts of the reply, cut at words: put together they are the reply again. */
const shownIn = (messages: readonly { readonly text: string }[]): string => messages.map(({ text }) => text).join(' ');

test('a viewer speaks: the bot hears it, answers, says the answer aloud and shows it in the chatbox', async () => {
  await stack.simulators.say('Hello Mika, what do you like?');
  const spoken = await waitFor(
    async () => {
      const heard = (await stack.simulators.heard())['headset-out'] ?? [];
      const { messages } = (await stack.simulators.state()).vrchat.chatbox;
      const said = heard.map(({ text }) => text);
      // The last sentence to be heard is also the last to be shown.
      return said.length > 0 && said.every((text) => shownIn(messages).includes(text)) ? said : undefined;
    },
    'the answer in the speaker and in the chatbox',
    LIMIT_MS,
  );
  assert.ok(spoken.join(' ').length > 10, spoken.join(' '));

  const state = await stack.simulators.state();
  assert.deepEqual(state.vrchat.violations, []);
  assert.deepEqual(state.audio.violations, []);
  const requests = state.openai.requests.map(({ path, status }) => `${path} ${status}`);
  for (const wanted of ['/audio/transcriptions 200', '/chat/completions 200', '/audio/speech 200'])
    assert.ok(requests.includes(wanted), `${wanted} in ${requests.join(', ')}`);

  assert.equal(await stack.metric('llm-service', 'understudy_turns_total', { source: 'provider' }), 1);
  assert.ok((await stack.metric('audio-gateway', 'understudy_utterances_total')) >= 1);
  for (const direction of ['in', 'out'])
    assert.ok((await stack.metric('audio-gateway', 'audio_latency_ms_count', { direction })) >= 1, direction);
  assert.equal((await stack.status()).mode, 'full');
  assert.deepEqual(await stack.incidents(), []);
});

test('the bot does not answer itself: what it says into an open microphone is dropped', async () => {
  const turns = await stack.metric('llm-service', 'understudy_turns_total');
  const heard = (await stack.simulators.heard())['headset-out'] ?? [];
  const own = heard.at(-1)?.text ?? '';
  await stack.simulators.say(own);
  await waitFor(
    async () => (await stack.metric('audio-gateway', 'understudy_utterances_total', { result: 'self_talk' })) >= 1,
    'the own words to be recognised',
    LIMIT_MS,
  );
  assert.equal(await stack.metric('llm-service', 'understudy_turns_total'), turns);
});
