import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Expression, ExpressionParameters } from '@understudy/shared/config';
import { createExpressionPlayer } from './expression-player.ts';

const EXPRESSIONS: Record<string, Expression> = {
  happy: { Mood: 1 },
  wave: [
    { set: { Hand: 1, Wave: true }, for_ms: 1000 },
    { set: { Hand: 2 }, for_ms: 500 },
    { set: { Hand: 0, Wave: false, Tail: 1 }, for_ms: 0 },
  ],
};

function arrange(everSet: ExpressionParameters = {}) {
  const wanted: ExpressionParameters[] = [];
  const noted: ExpressionParameters[] = [];
  const counts: string[] = [];
  let at = 0;
  let isSent = true;
  const player = createExpressionPlayer({
    now: () => at,
    expressions: () => EXPRESSIONS,
    want: (values) => void wanted.push(values),
    isSent: () => isSent,
    everSet: { read: () => everSet, add: (values) => void noted.push(values) },
    count: (result) => void counts.push(result),
  });
  wanted.length = 0;
  const beatAt = (time: number): void => {
    at = time;
    player.beat();
  };
  return { player, wanted, noted, counts, beatAt, sent: (value: boolean) => (isSent = value) };
}

test('steps follow one another, each for its time from when it was told', () => {
  const { player, wanted, noted, counts, beatAt, sent } = arrange();
  assert.equal(player.play('wave'), true);
  sent(false);
  beatAt(1000);
  beatAt(5000);
  assert.deepEqual(wanted, [{ Hand: 1, Wave: true }]);
  sent(true);
  for (const time of [5100, 6000, 6100, 6200, 6600, 6700]) beatAt(time);
  assert.deepEqual(
    { wanted, noted, counts, idle: player.isIdle() },
    {
      wanted: [{ Hand: 1, Wave: true }, { Hand: 2 }, { Hand: 0, Wave: false, Tail: 1 }],
      noted: [{ Hand: 0, Wave: false, Tail: 1 }],
      counts: ['played'],
      idle: true,
    },
  );
});

test('the newest wins, and what the older one had set goes where its last step leaves it', () => {
  const { player, wanted, counts, beatAt } = arrange();
  player.play('wave');
  beatAt(100);
  player.play('happy');
  assert.deepEqual(
    { wanted, counts, idle: player.isIdle() },
    {
      wanted: [{ Hand: 1, Wave: true }, { Hand: 0, Wave: false }, { Mood: 1 }],
      counts: ['played', 'replaced', 'played'],
      idle: true,
    },
  );
});

test('one that plays already goes on; an unknown one changes nothing', () => {
  const { player, wanted, counts } = arrange();
  player.play('wave');
  assert.deepEqual([player.play('wave'), player.play('toString')], [true, false]);
  assert.deepEqual({ wanted, counts }, { wanted: [{ Hand: 1, Wave: true }], counts: ['played', 'unknown'] });
});

test('settled: nothing stays half-way, and nothing follows', () => {
  const { player, wanted, beatAt } = arrange();
  player.play('wave');
  player.settle();
  player.settle();
  beatAt(60_000);
  assert.deepEqual(wanted, [
    { Hand: 1, Wave: true },
    { Hand: 0, Wave: false },
  ]);
});
