import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPacketPace } from './packet-pace.ts';

const PACKET_MS = 256 / 48;

test('late and irregular timers still give the packets of the time that passed', () => {
  const pace = createPacketPace(PACKET_MS);
  const ticks = [0, 3, 20, 21, 60, 100, 101, 140, 150, 185, 200];
  const sent = ticks.map((now) => pace.due(now)).reduce((sum, due) => sum + due, 0);
  assert.equal(sent, Math.floor(200 / PACKET_MS));
});

test('a clock that is fast sends as many more', () => {
  const pace = createPacketPace(10, () => 1.25);
  let sent = 0;
  for (let now = 0; now <= 10_000; now += 10) sent += pace.due(now);
  assert.equal(sent, 1250);
});

test('after a stall at most 50 ms are caught up', () => {
  const pace = createPacketPace(10);
  pace.due(0);
  assert.deepEqual([pace.due(60_000), pace.due(60_010)], [5, 1]);
});
