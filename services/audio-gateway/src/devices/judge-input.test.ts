import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LevelBy } from '@understudy/shared/contracts';
import { createCapabilityParts } from './capability-parts.ts';
import { judgeInput } from './judge-input.ts';

const LIMITS = { framesTimeoutMs: 500, silenceTimeoutMs: 30_000, graceMs: 3000 };

for (const [what, health, selectedAt, now, condition] of [
  ['never a frame, just selected', {}, 0, 3000, 'waiting'],
  ['never a frame, grace over', {}, 0, 3001, 'lost'],
  ['frames flow', { lastFrameAt: 9900 }, 0, 10_000, 'delivering'],
  ['frames flow at the limit', { lastFrameAt: 9500 }, 0, 10_000, 'delivering'],
  ['frames stopped', { lastFrameAt: 9499 }, 0, 10_000, 'lost'],
  ['frames stopped before it was selected', { lastFrameAt: 1000 }, 9000, 10_000, 'waiting'],
  ['zeros for a while', { lastFrameAt: 40_000, zeroSince: 10_001 }, 0, 40_000, 'delivering'],
  ['zeros for too long', { lastFrameAt: 40_000, zeroSince: 10_000 }, 0, 40_000, 'silent'],
  ['zeros for too long, then nothing', { lastFrameAt: 40_000, zeroSince: 1000 }, 0, 41_000, 'lost'],
] as const) {
  test(`${what}: ${condition}`, () => {
    const full = { lastFrameAt: undefined, zeroSince: undefined, lostPackets: 0, ...health };
    assert.equal(judgeInput(full, selectedAt, now, LIMITS), condition);
  });
}

test('a capability is as good as its worst part, and at a tie the first part explains it', () => {
  const told: string[] = [];
  const parts = createCapabilityParts(
    'hear',
    { device: { level: 'off', by: 'starting' }, transcription: { level: 'full', by: 'not_tried_yet' } },
    (capability, level, by) => void told.push(`${capability} ${level} ${by}`),
  );
  const set = (part: 'device' | 'transcription', level: LevelBy['level'], by: string) => parts.set(part, { level, by });
  set('device', 'full', 'device:mic');
  set('transcription', 'degraded', 'provider:spare');
  set('device', 'degraded', 'device:desk');
  set('transcription', 'off', 'no_transcription');
  set('device', 'off', 'no_frames:desk');
  assert.deepEqual(told, [
    'hear off starting',
    'hear full device:mic',
    'hear degraded provider:spare',
    'hear degraded device:desk',
    'hear off no_transcription',
    'hear off no_frames:desk',
  ]);
});
