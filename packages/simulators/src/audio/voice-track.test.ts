import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demodulateAll } from '../speech-signal/speech-signal.ts';
import { createVoiceTrack } from './voice-track.ts';

const RATE = 48_000;
const peakOf = (samples: Int16Array): number => samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);

test('nobody speaks: a little noise, never pure zeros', () => {
  const samples = createVoiceTrack(RATE).read(RATE);
  assert.deepEqual([peakOf(samples), samples.some((sample) => sample === 0)], [8, true]);
});

test('queued texts are spoken in order with a pause between them that a speech detector sees', () => {
  const track = createVoiceTrack(RATE);
  assert.deepEqual([track.say('One'), track.say('Two')], [560, 560]);
  assert.equal(track.queuedMs(), 2 * (560 + 900));
  const heard = demodulateAll(track.read(3 * RATE), RATE);
  assert.deepEqual(
    heard.map(({ text }) => text),
    ['One', 'Two'],
  );
  const pauseMs = (((heard[1]?.start ?? 0) - (heard[0]?.end ?? 0)) * 1000) / RATE;
  assert.ok(Math.abs(pauseMs - 900) <= 10, `pause of ${pauseMs} ms`);
  assert.equal(track.queuedMs(), 0);
});
