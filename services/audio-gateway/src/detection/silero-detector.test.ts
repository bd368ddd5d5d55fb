import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock, createFakeContext } from '@understudy/shared/testing';
import { FRAME_SAMPLES } from '../audio/frame-cutter.ts';
import type { ForkDetection } from './fork-detection.ts';
import { createSileroDetector } from './silero-detector.ts';

const LOUD = new Float32Array(FRAME_SAMPLES).fill(0.5);
const QUIET = new Float32Array(FRAME_SAMPLES);
const SETTINGS = { start_db: -30, start_probability: 0.5, end_probability: 0.35, gate_db: -50 };
/** Of the model; loudness gives 1 for LOUD. */
const SPEECH = 0.9;

/** `dies`: it cannot even load the model. */
type Behaviour = 'answers' | 'hangs' | 'dies';
const DEATH = "ended with code 1: Error: Load model from silero_vad_16k_op15.onnx failed:File doesn't exist";

function setUp(behaviour: Behaviour) {
  const clock = createFakeClock();
  const context = createFakeContext('audio-gateway', { clock });
  const beganAt = clock.now();
  const seen = { behaviour, forkedAt: [] as number[], ended: 0, levels: [] as string[], answers: [] as number[] };
  const unanswered: (() => void)[] = [];
  const fork: ForkDetection = ({ onAnswer, onExit }) => {
    seen.forkedAt.push(clock.now() - beganAt);
    if (seen.behaviour === 'dies') queueMicrotask(() => onExit(DEATH));
    return {
      pid: 1,
      send({ samples }) {
        const answer = () => onAnswer({ probability: samples.some((sample) => sample !== 0) ? SPEECH : 0 });
        if (seen.behaviour === 'answers') answer();
        else unanswered.push(answer);
      },
      async end() {
        seen.ended += 1;
      },
    };
  };
  const detector = createSileroDetector(context, {
    fork,
    settings: () => SETTINGS,
    onLevel: ({ level, by }) => void seen.levels.push(`${level} ${by}`),
  });
  const hear = async (frame: Float32Array) => {
    detector.judge(frame, (probability) => void seen.answers.push(probability));
    await clock.advance(0);
  };
  /** It answers what it was asked until now, and from now on. */
  const wake = async () => {
    seen.behaviour = 'answers';
    for (const answer of unanswered.splice(0)) answer();
    await clock.advance(0);
  };
  const errors = () => context.errors.map(({ code, subject, message }) => `${code} ${subject}: ${message}`);
  return { clock, detector, hear, seen, wake, errors };
}

const failedWith = (how: string) => [
  `SPEECH_DETECTION_FAILED silero: The process of speech detection ${how}; loudness stands in. If it recurs, set audio.speech_detection.engine to energy`,
];

test('a process that hangs in the midst is ended at its limit, and loudness answers what it was asked', async () => {
  const { clock, hear, seen, errors } = setUp('answers');
  await hear(LOUD);
  assert.deepEqual(seen.answers, [SPEECH]);
  seen.behaviour = 'hangs';
  await hear(LOUD);
  await clock.advance(4999);
  assert.deepEqual(
    { answers: seen.answers, ended: seen.ended, errors: errors() },
    { answers: [SPEECH], ended: 0, errors: [] },
  );
  await clock.advance(1);
  assert.deepEqual(
    { answers: seen.answers, ended: seen.ended, errors: errors(), levels: seen.levels },
    {
      answers: [SPEECH, 1],
      ended: 1,
      errors: failedWith('did not answer within 5000 ms'),
      levels: ['full silero', 'degraded energy_detection'],
    },
  );
});

test('a process that hangs at its start has 20 seconds, and what was heard meanwhile is answered by loudness', async () => {
  const { clock, hear, seen, errors } = setUp('hangs');
  await hear(LOUD);
  await hear(LOUD);
  await clock.advance(19_999);
  assert.deepEqual(seen.answers, []);
  await clock.advance(1);
  assert.deepEqual(seen.answers, [1, 1]);
  assert.ok(seen.ended > 0);
  assert.deepEqual(errors(), failedWith('did not answer within 20000 ms'));
});

test('a model that is missing: told once with the reason, and tried again after 1, 2, 4 ... 60 seconds while there is sound', async () => {
  const { clock, hear, seen, errors } = setUp('dies');
  for (let heard = 0; heard < 500; heard += 1) {
    await hear(LOUD);
    await clock.advance(500);
  }
  const waited = seen.forkedAt.slice(1).map((at, index) => at - (seen.forkedAt[index] ?? 0));
  assert.deepEqual(waited, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  assert.deepEqual(errors(), failedWith(DEATH));
  assert.deepEqual(new Set(seen.answers), new Set([1]));
  seen.behaviour = 'answers';
  await clock.advance(60_000);
  await hear(LOUD);
  await hear(LOUD);
  assert.deepEqual([seen.levels.at(-1), seen.answers.at(-1)], ['full silero', SPEECH]);
});

test('one that fails again only after it ran well for long is tried again as soon as the first time', async () => {
  const { clock, hear, seen } = setUp('dies');
  for (let heard = 0; heard < 20; heard += 1) {
    await hear(LOUD);
    await clock.advance(500);
  }
  await clock.advance(121_000);
  const before = seen.forkedAt.length;
  await hear(LOUD);
  await clock.advance(1000);
  await hear(LOUD);
  assert.equal(seen.forkedAt.length - before, 2);
});

test('the process ends a minute after the last sound, and not while sounds come', async () => {
  const { clock, hear, seen, errors } = setUp('answers');
  await hear(LOUD);
  await clock.advance(2000);
  await hear(QUIET);
  await clock.advance(59_999);
  assert.equal(seen.ended, 0);
  await hear(LOUD);
  await clock.advance(60_000);
  assert.equal(seen.ended, 0, 'the sound has made the minute void');
  await hear(QUIET);
  await clock.advance(59_999);
  assert.equal(seen.ended, 0);
  await clock.advance(1);
  assert.equal(seen.ended, 1);
  await hear(LOUD);
  assert.deepEqual(
    { forks: seen.forkedAt.length, answers: seen.answers, errors: errors(), levels: seen.levels },
    { forks: 2, answers: [SPEECH, 0, SPEECH, 0, SPEECH], errors: [], levels: ['full silero', 'full silero'] },
  );
});

test('a process that was still starting when the sound ended is given back all the same', async () => {
  const { clock, hear, seen, wake } = setUp('hangs');
  await hear(LOUD);
  await clock.advance(2000);
  await hear(QUIET);
  await clock.advance(3000);
  await wake();
  assert.deepEqual({ answers: seen.answers, levels: seen.levels }, { answers: [0, SPEECH], levels: ['full silero'] });
  await clock.advance(60_000);
  assert.equal(seen.ended, 1);
});
