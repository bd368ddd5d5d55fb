import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UNRESTRICTED } from '@understudy/shared/contracts';
import { type SeeFacts, seeLevel } from './see-level.ts';

const working: SeeFacts = { ceiling: UNRESTRICTED, child: 'ready', source: 'live', shed: false };
const essential = { level: 'off', by: 'essential_mode' } as const;

for (const [facts, level, by] of [
  [{}, 'full', 'child'],
  [{ shed: true }, 'degraded', 'features_shed'],
  [{ source: 'frozen' }, 'degraded', 'frozen'],
  [{ source: 'frozen', shed: true }, 'degraded', 'frozen'],
  [{ source: 'lost' }, 'off', 'no_frames'],
  [{ source: 'lost', isRefused: true }, 'off', 'source_refused'],
  [{ source: 'live', isRefused: true }, 'full', 'child'],
  [{ isBlack: true, detection: 'failed' }, 'degraded', 'black'],
  [{ source: 'frozen', isBlack: true }, 'degraded', 'frozen'],
  [{ detection: 'failed', shed: true }, 'degraded', 'detection_failed'],
  [{ detection: 'late' }, 'degraded', 'lagging'],
  [{ detection: 'off' }, 'full', 'child'],
  [{ source: 'waiting' }, 'off', 'waiting_for_frames'],
  [{ child: 'starting' }, 'off', 'child_starting'],
  [{ child: 'stopped' }, 'off', 'stopped'],
  [{ child: 'failed', failure: 'crashed' }, 'off', 'child_crashed'],
  [{ child: 'failed', failure: 'hung', source: 'lost' }, 'off', 'child_hung'],
  [{ child: 'failed', failure: 'over_memory' }, 'off', 'child_over_memory'],
  [{ ceiling: essential, child: 'failed' }, 'off', 'essential_mode'],
  [{ ceiling: { level: 'degraded', by: 'operator' } }, 'full', 'child'],
] as const satisfies [Partial<SeeFacts>, string, string][]) {
  test(`${JSON.stringify(facts)} is ${level} by ${by}`, () => {
    assert.deepEqual(seeLevel({ ...working, ...facts }), { level, by });
  });
}
