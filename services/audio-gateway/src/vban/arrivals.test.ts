import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createVbanArrivals } from './arrivals.ts';

const PORT = { number: 6981, isOpen: true, movedFrom: undefined };
const explain = (arrivals: ReturnType<typeof createVbanArrivals>, port: object = {}) =>
  arrivals.explainSilence('Mic', { ...PORT, ...port }, 500, 2000);

test('a port to which nothing comes is named, and where it was before a reload', () => {
  const arrivals = createVbanArrivals();
  arrivals.came('Desk', 'heard', 1500);
  assert.equal(
    explain(arrivals),
    'nothing comes to UDP port 6981 (audio.listen); plug it in again, or start its sender and let it send there',
  );
  assert.match(
    explain(arrivals, { number: 7001, movedFrom: 6981 }) ?? '',
    /^nothing comes to UDP port 7001, to which a reload has moved audio\.listen from 6981; let its sender send there/,
  );
  assert.equal(explain(arrivals, { isOpen: false }), 'UDP port 6981 (audio.listen) is not open');
});

test('while others are heard nothing is known of one that is missed', () => {
  const arrivals = createVbanArrivals();
  arrivals.came('Desk', 'heard', 1501);
  assert.equal(explain(arrivals, { movedFrom: 6980 }), undefined);
});

test('a stream that comes and is refused says what its sender must do', () => {
  const arrivals = createVbanArrivals();
  arrivals.came('Mic', 'unsupported_format', 1500);
  arrivals.came('Foreign', 'unknown', 1500);
  assert.match(explain(arrivals) ?? '', /^it is sent in 12 or 10 bit, .*; let its sender use 16 or 24 bit$/);
  arrivals.came('Mic', 'unsupported_codec', 1600);
  assert.equal(explain(arrivals), 'it is sent in a codec; let its sender use PCM');
});

test('streams that no input has are named, the latest three of them, and no more names are kept than some', () => {
  const arrivals = createVbanArrivals();
  arrivals.came('Mic', 'unsupported_codec', 1500);
  for (let count = 0; count < 1000; count += 1) arrivals.came(`Stranger${count}`, 'unknown', 1500);
  assert.match(
    explain(arrivals) ?? '',
    /^its stream is Mic, and there come Stranger997, Stranger998, Stranger999, which/,
  );
});

test('what came long ago, or to another port, explains nothing', () => {
  const arrivals = createVbanArrivals();
  arrivals.came('Mic', 'unsupported_codec', -3000);
  assert.match(explain(arrivals) ?? '', /^nothing comes/);
  arrivals.came('Mic', 'unsupported_codec', 2000);
  arrivals.forget();
  assert.match(explain(arrivals) ?? '', /^nothing comes/);
});
