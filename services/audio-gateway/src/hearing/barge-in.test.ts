import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeContext } from '@understudy/shared/testing';
import type { Unexplained } from '../echo/echo-watch.ts';
import { createBargeIn } from './barge-in.ts';

const FRAME_MS = 32;
const NOTHING: Unexplained = { share: 0, likeness: 0, state: 'told' };
const PERSON: Unexplained = { share: 1, likeness: 0.2, state: 'told' };

interface Part {
  readonly ms: number;
  readonly bot?: boolean;
  readonly speech?: boolean;
  readonly heard?: Unexplained;
}

/** Plays what happens, part by part, in frames of 32 ms. @returns when the bot was stopped, and how often the comparison ran */
function play(parts: readonly Part[], yaml = '') {
  const context = createFakeContext('audio-gateway', { yaml });
  const stopped: number[] = [];
  const told = { frames: 0, rests: 0 };
  let now = 0;
  let [bot, heard] = [false, NOTHING];
  const bargeIn = createBargeIn(context, {
    echo: {
      onFrame() {
        told.frames += 1;
        return heard;
      },
      rest() {
        told.rests += 1;
      },
    },
    isBotSpeaking: () => bot,
    stopBot: () => void stopped.push(now),
  });
  let speechMs: number | undefined;
  for (const part of parts) {
    bot = part.bot ?? true;
    heard = part.heard ?? NOTHING;
    for (let ms = 0; ms < part.ms; ms += FRAME_MS) {
      now += FRAME_MS;
      speechMs = part.speech === false ? undefined : (speechMs ?? 0) + FRAME_MS;
      bargeIn({ samples: new Float32Array(512), endedAt: now }, speechMs);
    }
  }
  return { stopped, ...told };
}

test('who speaks long enough over the bot stops it', () => {
  assert.deepEqual(play([{ ms: 800, heard: PERSON }]).stopped, [416]);
});

test('the less is unexplained, the longer it takes; what an echo leaves unexplained never stops the bot', () => {
  const [at] = play([{ ms: 3000, heard: { ...PERSON, share: 0.4 } }]).stopped;
  assert.ok(at !== undefined && at > 1150 && at < 1300, `${at}`);
  assert.deepEqual(play([{ ms: 60_000, heard: { ...PERSON, share: 0.08 } }]).stopped, []);
});

test('what was said before the bot began does not count', () => {
  assert.deepEqual(
    play([
      { ms: 960, bot: false, heard: PERSON },
      { ms: 640, heard: PERSON },
    ]).stopped,
    [960 + 416],
  );
});

test('what is said between two turns, while the echo of the first may still be heard, does not count', () => {
  const between: Part = { ms: 384, bot: false, heard: PERSON };
  assert.deepEqual(play([{ ms: 320 }, between, { ms: 320, heard: PERSON }]).stopped, []);
});

test('short sounds with silence between them do not add up', () => {
  const word: Part = { ms: 320, heard: PERSON };
  assert.deepEqual(play([word, { ms: 64, speech: false }, word]).stopped, []);
});

test('while it cannot be told whether the bot hears itself nobody stops it; what counted until then counts, unless it was the bot', () => {
  const unknown: Part = { ms: 640, heard: { ...PERSON, state: 'unknown' } };
  assert.deepEqual(play([unknown, { ms: 64, heard: PERSON }]).stopped, [672]);
  const echo: Part = { ms: 64, heard: { ...NOTHING, state: 'echo' } };
  assert.deepEqual(play([unknown, echo, { ms: 320, heard: PERSON }]).stopped, []);
});

test('the comparison runs on while the echo may still be heard, then rests', () => {
  const { frames, rests } = play([{ ms: 320 }, { ms: 6400, bot: false }]);
  assert.deepEqual([frames, rests], [10 + 65, 135]);
});

test('switched off, nobody stops it, and nothing is compared', () => {
  const { stopped, frames } = play([{ ms: 3200, heard: PERSON }], 'audio: { speech_detection: { barge_in: false } }');
  assert.deepEqual([stopped, frames], [[], 0]);
});
