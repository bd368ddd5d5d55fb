import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@understudy/shared/testing';
import { answerInTime, HUNG } from './patience.ts';

/** @param starved how much of each second the process waits for a processor */
function arrange(starved: (afterMs: number) => number) {
  const clock = createFakeClock(0);
  const answer = Promise.withResolvers<string>();
  const told: { at: number; what: string | typeof HUNG }[] = [];
  let delayMs = 0;
  const readDelays = () => {
    // Read each half second; the first reading is only what later ones are compared with.
    delayMs += starved(clock.now()) / 2;
    return new Map([
      ['main', 0],
      ['decoder', delayMs],
    ]);
  };
  void answerInTime(answer.promise, 1000, readDelays, clock.sleep).then((what) => told.push({ at: clock.now(), what }));
  return { clock, answer: answer.resolve, told };
}

for (const [what, starved, at] of [
  ['with a processor to itself hangs after its limit', () => 0, 1000],
  ['that waits for a processor most of the time is given longer', () => 900, 4000],
  ['that waits for half of the time hangs later', () => 500, 1500],
  ['that is served again hangs soon', (afterMs: number) => (afterMs > 2000 ? 0 : 1000), 2500],
  ['that is never served is given up', () => 1000, 4000],
] as const)
  test(`a process ${what}`, async () => {
    const { clock, told } = arrange(starved);
    await clock.advance(at - 1);
    assert.deepEqual(told, []);
    await clock.advance(60_000);
    assert.deepEqual(told, [{ at, what: HUNG }]);
  });

test('an answer is one at any time, and leaves nothing that waits', async () => {
  for (const afterMs of [0, 700, 3700]) {
    const { clock, answer, told } = arrange(() => 1000);
    await clock.advance(afterMs);
    answer('seen');
    await clock.advance(0);
    assert.deepEqual(told, [{ at: afterMs, what: 'seen' }]);
    assert.equal(clock.sleepers(), 0);
  }
});
