import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock, createFakeContext } from '@understudy/shared/testing';
import { FRAME_SAMPLES } from '../audio/frame-cutter.ts';
import { createChosenDetector } from './choose-detector.ts';
import { createEnergyDetector } from './energy-detector.ts';
import { createSileroDetector } from './silero-detector.ts';

const LOUD = new Float32Array(FRAME_SAMPLES).fill(0.5);
const SETTINGS = { start_db: -30, start_probability: 0.5, end_probability: 0.35, gate_db: -50 };

test('a model that fails is no failure any more once loudness is chosen', async () => {
  const clock = createFakeClock();
  const context = createFakeContext('audio-gateway', { clock });
  const levels: string[] = [];
  let forks = 0;
  const silero = createSileroDetector(context, {
    fork: ({ onExit }) => {
      forks += 1;
      queueMicrotask(() => onExit('ended with code 1'));
      return { pid: 1, send() {}, async end() {} };
    },
    settings: () => SETTINGS,
    onLevel: ({ level, by }) => void levels.push(`${level} ${by}`),
  });
  let engine: 'silero' | 'energy' = 'silero';
  const detector = createChosenDetector(
    () => engine,
    silero,
    createEnergyDetector(() => SETTINGS),
  );
  const hear = async () => {
    detector.judge(LOUD, () => {});
    await clock.advance(0);
  };
  const probe = () => detector.probe(new AbortController().signal);
  await hear();
  assert.equal((await probe()).gone, undefined);
  engine = 'energy';
  await hear();
  await hear();
  assert.deepEqual(levels, ['degraded energy_detection', 'full energy']);
  assert.deepEqual(await probe(), {
    ok: false,
    gone: true,
    detail: 'audio.speech_detection.engine is energy now; the model is not asked any more',
  });
  const before = forks;
  engine = 'silero';
  await hear();
  assert.deepEqual(
    [forks - before, context.errors.length],
    [1, 2],
    'it is tried again at once, and what fails then is told again',
  );
});
