import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDuration, parseDuration } from './duration.ts';

test('a duration is a number and its unit', () => {
  const given = ['500ms', '5s', '1.5m', '2min', '1h', ' 10s ', '0s'];
  assert.deepEqual(given.map(parseDuration), [500, 5000, 90_000, 120_000, 3_600_000, 10_000, 0]);
});

test('what is no duration is refused, a bare number too', () => {
  const wrong = ['5', '', 's', '-5s', '5 s', '5sec', '1e3ms', '1h30m', 'NaNs', '5S'];
  assert.deepEqual(
    wrong.map(parseDuration),
    wrong.map(() => undefined),
  );
});

test('any text gives a finite count of milliseconds or nothing', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{1,8}(\.\d{1,3})?(ms|s|m|min|h)$/)), (text) => {
      const ms = parseDuration(text);
      return ms === undefined || (Number.isInteger(ms) && ms >= 0);
    }),
  );
});

test('people read a duration in at most two units', () => {
  const given = [0, 349.6, 1000, 1234, 9940, 9960, 59_400, 73_000, 3_599_000, 3_600_000, 7_500_000];
  assert.deepEqual(given.map(formatDuration), [
    '0 ms',
    '350 ms',
    '1 s',
    '1.2 s',
    '9.9 s',
    '10 s',
    '59 s',
    '1 min 13 s',
    '59 min 59 s',
    '1 h 0 min',
    '2 h 5 min',
  ]);
});
