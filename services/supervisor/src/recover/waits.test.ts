import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createFakeClock } from '@understudy/shared/testing';
import { createWaits } from './waits.ts';

let clock: ReturnType<typeof createFakeClock>;
let waits: ReturnType<typeof createWaits>;
/** @returns when it ended and how */
const waiting = (ms: number, earliestMs?: number) => {
  const from = clock.now();
  const seen: { at?: number; due?: boolean } = {};
  void waits.wait('incident-1', ms, earliestMs).then((due) => Object.assign(seen, { at: clock.now() - from, due }));
  return seen;
};

beforeEach(() => {
  clock = createFakeClock();
  waits = createWaits(clock);
});

describe('waits', () => {
  it('end at their time', async () => {
    const seen = waiting(1000);
    await clock.advance(2000);
    assert.deepEqual(seen, { at: 1000, due: true });
  });

  it('end early when the world changes, but not before the earliest time', async () => {
    const seen = waiting(5000, 250);
    await clock.advance(100);
    waits.wake('incident-1', 'changed');
    await clock.advance(1000);
    assert.deepEqual(seen, { at: 250, due: true });
  });

  it('know of a change that came while nobody waited: during the look before, which did not see it', async () => {
    waits.wake('incident-1', 'changed');
    const seen = waiting(5000, 250);
    await clock.advance(6000);
    assert.deepEqual(seen, { at: 250, due: true });
    const next = waiting(5000, 250);
    await clock.advance(6000);
    assert.equal(next.at, 5000, 'once');
    waits.wake('incident-1', 'changed');
    waits.forget('incident-1');
    const later = waiting(5000, 250);
    await clock.advance(6000);
    assert.equal(later.at, 5000);
  });

  it('hear no change where only time counts', async () => {
    const seen = waiting(5000);
    await clock.advance(100);
    waits.wake('incident-1', 'changed');
    await clock.advance(10_000);
    assert.deepEqual(seen, { at: 5000, due: true });
  });

  it('last as long as they are, also when the clock is set back meanwhile', async () => {
    let setBackMs = 0;
    waits = createWaits({ ...clock, now: () => clock.now() - setBackMs });
    const [seen, early] = [waiting(1000), {} as { due?: boolean }];
    void waits.wait('incident-2', 5000, 250).then((due) => Object.assign(early, { due }));
    await clock.advance(100);
    setBackMs = 3_600_000;
    waits.wake('incident-2', 'changed');
    await clock.advance(900);
    assert.deepEqual([seen, early], [{ at: 1000, due: true }, { due: true }]);
  });

  it('end at once when the plan changes, and only that one', async () => {
    const seen = waiting(5000);
    await clock.advance(100);
    waits.wake('incident-2', 'replan');
    await clock.advance(100);
    assert.deepEqual(seen, {});
    waits.wake('incident-1', 'replan');
    await clock.advance(0);
    assert.deepEqual(seen, { at: 200, due: false });
  });

  it('end with the supervisor, those that would begin afterwards too', async () => {
    const seen = waiting(5000);
    await clock.advance(0);
    waits.stop();
    await clock.advance(0);
    const later = waiting(5000);
    await clock.advance(0);
    assert.deepEqual(
      [seen, later],
      [
        { at: 0, due: false },
        { at: 0, due: false },
      ],
    );
    assert.equal(clock.sleepers(), 0);
  });
});
