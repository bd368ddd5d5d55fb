import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSelfTalkGuard, similarity } from './self-talk-guard.ts';

const THRESHOLDS = { self_talk_similarity: 0.8, self_talk_correlation: 0.8 };

const guardAfter = (...sentences: readonly string[]) => {
  const guard = createSelfTalkGuard(
    () => THRESHOLDS,
    () => undefined,
  );
  for (const sentence of sentences) guard.onSpeaking(sentence)(1000);
  return guard;
};

test('similarity does not see case, punctuation or width', () => {
  assert.equal(similarity('Hello, THERE!', 'hello there'), 1);
  assert.equal(similarity('Ｈｅｌｌｏ', 'hello'), 1);
  assert.equal(similarity('abcd', 'abcx'), 0.75);
  assert.equal(similarity('', ''), 0);
  assert.equal(similarity('!?', 'anything'), 0);
});

test('what the bot has just said is self-talk, also with a wrong word or as two sentences at once', () => {
  const guard = guardAfter('Hey! Good to see you.', 'What a nice hat that is.');
  assert.deepEqual(guard.judge('hey good to see you', 1500), { kind: 'text', similarity: 1, isFirstOfBurst: true });
  assert.equal(guard.judge('Hey, good to see me.', 1600)?.isFirstOfBurst, false);
  assert.equal(guard.judge('Hey good to see you what a nice hat that is', 1700)?.similarity, 1);
});

test('other words, and the same words long after, are heard', () => {
  const guard = guardAfter('Hey! Good to see you.');
  assert.equal(guard.judge('How are you today?', 1500), undefined);
  assert.equal(guard.judge('Hey! Good to see you.', 11_001), undefined);
});

test('a burst is told once, the next burst again', () => {
  const guard = guardAfter('La la la.');
  assert.equal(guard.judge('La la la', 2000)?.isFirstOfBurst, true);
  assert.equal(guard.judge('La la la', 9000)?.isFirstOfBurst, false);
  guard.onSpeaking('La la la.')(30_000);
  assert.equal(guard.judge('La la la', 30_500)?.isFirstOfBurst, true);
});

test('what is still being said is known', () => {
  const guard = createSelfTalkGuard(
    () => THRESHOLDS,
    () => undefined,
  );
  guard.onSpeaking('La la la.');
  assert.deepEqual(guard.judge('la la la', 60_000), { kind: 'text', similarity: 1, isFirstOfBurst: true });
});

test('nothing spoken: everything is heard', () => {
  assert.equal(guardAfter().judge('anything', 0), undefined);
});

test('sound that follows the own voice is self-talk, once it is long enough to tell', () => {
  const guard = createSelfTalkGuard(
    () => THRESHOLDS,
    ({ speechMs }) => speechMs / 1000,
  );
  const heard = (ms: number, likeness: number) => ({
    samples: new Float32Array(ms * 16),
    beganAt: 0,
    speechMs: likeness * 1000,
  });
  assert.equal(guard.judgeSound(heard(1499, 1), 2000), undefined);
  assert.equal(guard.judgeSound(heard(1500, 0.79), 2000), undefined);
  assert.deepEqual(guard.judgeSound(heard(1500, 0.8), 2000), {
    kind: 'energy',
    similarity: 0.8,
    isFirstOfBurst: true,
  });
  assert.equal(guard.judgeSound(heard(1500, 0.9), 3000)?.isFirstOfBurst, false);
  // Who has stopped the bot in this utterance is not the bot.
  guard.onBargeIn(-1);
  assert.equal(guard.judgeSound(heard(1500, 0.9), 3500)?.kind, 'energy');
  guard.onBargeIn(1000);
  assert.equal(guard.judgeSound(heard(1500, 0.9), 4000), undefined);
});
