import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeContext } from '@understudy/shared/testing';
import { createBargeIn } from './barge-in.ts';

/** Says how long somebody has spoken, frame by frame. @returns where the bot was stopped */
function play(steps: readonly { speechMs: number; bot: boolean }[], likeness: number | undefined, yaml = '') {
  const context = createFakeContext('audio-gateway', { yaml });
  const stopped: number[] = [];
  let now = { speechMs: 0, bot: false };
  const bargeIn = createBargeIn(context, {
    ownVoice: { likeness: () => likeness },
    isBotSpeaking: () => now.bot,
    stopBot: () => void stopped.push(now.speechMs),
  });
  for (const step of steps) {
    now = step;
    bargeIn(step.speechMs, () => ({ samples: new Float32Array(0), beganAt: 0, speechMs: step.speechMs }));
    if (stopped.length > 0) break;
  }
  return stopped;
}

const speech = (from: number, to: number, bot: boolean) =>
  Array.from({ length: (to - from) / 100 + 1 }, (_, index) => ({ speechMs: from + index * 100, bot }));

test('who speaks long enough over the bot stops it', () => {
  assert.deepEqual(play(speech(100, 1000, true), 0.2), [500]);
});

test('what was said before the bot began does not count', () => {
  assert.deepEqual(play([...speech(100, 1000, false), ...speech(1100, 2000, true)], 0.2), [1500]);
});

test("the bot's own voice, and what cannot be told from it, do not stop it", () => {
  for (const likeness of [0.95, 0.75, undefined]) assert.deepEqual(play(speech(100, 3000, true), likeness), []);
});

test('switched off, nobody stops it', () => {
  assert.deepEqual(play(speech(100, 3000, true), 0.1, 'audio: { speech_detection: { barge_in: false } }'), []);
});
