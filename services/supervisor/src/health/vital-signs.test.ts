import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Heartbeat } from '@understudy/shared/contracts';
import { T0 } from '../testing/error-events.ts';
import { makeHeartbeat, usingMb } from '../testing/heartbeats.ts';
import { createVitalSigns, slope } from './vital-signs.ts';

const POLICY = { memoryShare: 0.8, eventLoopLateMs: 250, growthWindowMs: 60_000, forecastMs: 600_000 };
let look: ReturnType<typeof createVitalSigns>;
/** One beat a second with these facts. @returns the beats at which something was found */
const feed = (beats: Partial<Heartbeat>[], from = 0): string[] =>
  beats.flatMap((own, n) =>
    look(makeHeartbeat(own), T0 + (from + n) * 1000).map(({ code }) => `${code} at beat ${from + n + 1}`),
  );
const memory = (...mbs: number[]): Partial<Heartbeat>[] => mbs.map((mb) => ({ memory: usingMb(mb) }));
const times = <T>(count: number, one: T): T[] => Array(count).fill(one);
const late = (p99: number): Partial<Heartbeat> => ({ eventLoopDelayMs: { p50: 1, p99, max: p99 } });

beforeEach(() => {
  look = createVitalSigns(() => POLICY);
});

describe('the vital signs', () => {
  it('find memory above its threshold at the third beat', () => {
    feed(memory(330, 330));
    assert.deepEqual(look(makeHeartbeat({ memory: usingMb(340) }), T0), [
      {
        service: 'llm-service',
        code: 'MEMORY_HIGH',
        message: 'llm-service uses 340 MB; 320 MB is its threshold',
        context: { rssMb: 340, limitMb: 320, instanceId: 'instance-1' },
      },
    ]);
  });

  it('forget a single peak', () => {
    assert.deepEqual(feed(memory(330, 330, 200, 330, 330, 200)), []);
  });

  it('do not forget while it is just below the threshold, and do not report each time', () => {
    assert.deepEqual(feed(memory(330, 330, 310, 330, 310, 330, 310)), ['MEMORY_HIGH at beat 4']);
  });

  it('report again while it lasts, since a recovery may have ended without ending it', () => {
    assert.deepEqual(feed(times(70, { memory: usingMb(350) })), ['MEMORY_HIGH at beat 3', 'MEMORY_HIGH at beat 63']);
  });

  it('find growth that will reach the threshold, once it fills the window', () => {
    const rising = Array.from({ length: 100 }, (_, n) => 200 + n);
    assert.deepEqual(feed(memory(...rising)), ['MEMORY_GROWING at beat 84']);
  });

  it('find none in slow growth, in memory that goes up and down, or in the first minute', () => {
    assert.deepEqual(feed(memory(...Array.from({ length: 120 }, (_, n) => 200 + n * 0.05))), []);
    look = createVitalSigns(() => POLICY);
    assert.deepEqual(feed(memory(...Array.from({ length: 120 }, (_, n) => 200 + (n % 10)))), []);
    look = createVitalSigns(() => POLICY);
    assert.deepEqual(feed(memory(...Array.from({ length: 50 }, (_, n) => 200 + n))), []);
  });

  it('judge a new process by itself', () => {
    feed(memory(330, 330));
    assert.deepEqual(feed([{ memory: usingMb(330), instanceId: 'instance-2' }]), []);
  });

  it('find a late event loop at the fifth beat in a row', () => {
    assert.deepEqual(feed([...times(4, late(300)), late(10), ...times(5, late(300))]), ['EVENT_LOOP_LATE at beat 10']);
  });

  it('keep services apart', () => {
    feed(memory(330, 330));
    assert.deepEqual(feed([{ memory: usingMb(330), service: 'cv-service' }]), []);
  });
});

describe('slope', () => {
  it('is that of the best line, per millisecond', () => {
    const line = [0, 1000, 2000].map((atMs) => ({ atMs, bytes: 50 + 3 * atMs }));
    assert.equal(slope(line), 3);
    assert.equal(slope(line.slice(1, 2)), 0);
    assert.equal(
      slope([
        { atMs: 5, bytes: 1 },
        { atMs: 5, bytes: 9 },
      ]),
      0,
    );
  });
});
