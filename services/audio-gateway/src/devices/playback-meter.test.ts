import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPlaybackMeter, isIncomplete } from './playback-meter.ts';

test('the waiting for the synthesis and for the first sound does not count, a stutter does', () => {
  const meter = createPlaybackMeter();
  meter.handOver(1, 1000);
  meter.handOver(1, 1100);
  meter.begin(3000);
  // The third second arrives half a second after the first two have ended.
  meter.handOver(1, 5500);
  const whole = meter.end(6500);
  assert.deepEqual(whole, { givenMs: 3000, playedMs: 3000 });
  assert.equal(isIncomplete(whole), false);
  const stuttered = meter.end(7200);
  assert.deepEqual(stuttered, { givenMs: 3000, playedMs: 3700 });
  assert.equal(isIncomplete(stuttered), true);
});

test('an output that ran dry and begins again has played what came before', () => {
  const meter = createPlaybackMeter();
  meter.handOver(1, 1000);
  meter.begin(1000);
  meter.handOver(1, 5000);
  meter.begin(5800);
  assert.deepEqual(meter.end(6800), { givenMs: 2000, playedMs: 2800 });
});

test('ROOT CAUSE: the word of the begin that is read late, on a busy machine, is no short playback', () => {
  const meter = createPlaybackMeter();
  meter.handOver(2, 1000);
  meter.begin(3000);
  assert.deepEqual(meter.end(3100), { givenMs: 2000, playedMs: 2000 });
  // Shorter than since the hand-over: that is short in any case.
  assert.deepEqual(meter.end(2200), { givenMs: 2000, playedMs: 1200 });
});

test('the word of the end that is read late is no long playback, while one that goes on is', () => {
  const meter = createPlaybackMeter();
  meter.handOver(2, 1000);
  meter.begin(1000);
  meter.goesOn(2900);
  assert.deepEqual(meter.end(4000), { givenMs: 2000, playedMs: 2000 });
  meter.goesOn(3900);
  assert.deepEqual(meter.end(4000), { givenMs: 2000, playedMs: 2900 });
});
