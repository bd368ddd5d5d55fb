import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until, withRig } from './rig.ts';

test('what a person says travels as sound and arrives as an utterance', async () => {
  await withRig({}, async ({ audio, published, context }) => {
    await until('the microphone is heard', () => context.observed().hear?.level === 'full');
    audio.say('Hello Mika, what do you see?', 'headset-mic');
    await until('the utterance is published', () => published('utterance').length > 0);
    const [{ turnId, budgetMs, ...utterance } = { turnId: '', budgetMs: 0 }] = published('utterance');
    assert.deepEqual(utterance, {
      seq: 0,
      final: true,
      from: 'audio-gateway',
      source: 'speech',
      text: 'Hello Mika, what do you see?',
    });
    assert.deepEqual(context.observed().hear, { level: 'full', by: 'device:headset-mic' });
    assert.deepEqual(context.errors, []);
  });
});

test('only the selected input is listened to', async () => {
  await withRig({}, async ({ audio, published, context }) => {
    await until('the microphone is heard', () => context.observed().hear?.level === 'full');
    audio.say('Nobody asked me.', 'desk-mic');
    audio.say('I am the one you hear.', 'headset-mic');
    await until('an utterance is published', () => published('utterance').length > 0);
    assert.deepEqual(
      published('utterance').map(({ text }) => text),
      ['I am the one you hear.'],
    );
  });
});
