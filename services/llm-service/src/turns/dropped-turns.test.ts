import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createFakeClock, createFakeContext } from '@understudy/shared/testing';
import { createDroppedTurns } from './dropped-turns.ts';
import type { PendingTurn } from './turn-queue.ts';

const turn = (turnId: string): PendingTurn => ({
  input: { turnId, seq: 0, final: true, budgetMs: 8000, from: 'audio-gateway', source: 'text', text: 'hi' },
  trace: undefined,
  endsAt: 8000,
  signal: new AbortController().signal,
});

it('reports a crowd once, and gives each viewer who still waits a line that leads to it', async () => {
  const clock = createFakeClock();
  const context = createFakeContext('llm-service', { clock });
  const excused: string[] = [];
  const drop = createDroppedTurns(context, ({ input }, event) => void excused.push(`${input.turnId} ${event.id}`));
  drop(turn('1'), 'crowded');
  drop(turn('2'), 'stale');
  await clock.advance(9000);
  drop(turn('3'), 'crowded');
  await clock.advance(10_001);
  drop(turn('4'), 'stale');
  assert.deepEqual(
    context.errors.map(({ code, turnId, context: facts }) => ({ code, turnId, facts })),
    [
      { code: 'TURN_DROPPED', turnId: '1', facts: { reason: 'crowded' } },
      { code: 'TURN_DROPPED', turnId: '4', facts: { reason: 'stale' } },
    ],
  );
  assert.deepEqual(excused, [`1 ${context.errors[0]?.id}`, `3 ${context.errors[0]?.id}`]);
});
