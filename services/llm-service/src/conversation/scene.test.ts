import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Observation } from '@understudy/shared/contracts';
import { createScene } from './scene.ts';

const observation = (kind: Observation['kind'], summary: string, ageMs: number): Observation => ({
  id: '0190a0a0-0000-7000-8000-000000000001',
  kind,
  summary,
  confidence: 0.9,
  value: 1,
  ageMs,
  observedAt: '2026-01-01T00:00:00.000Z',
});

it('shows the last sight of each kind with its whole age, freshest first, and leaves out what is stale', () => {
  let now = 1000;
  const scene = createScene(() => now);
  scene.see(observation('motion', 'Something moves.', 500));
  scene.see(observation('scene_change', 'Old.', 0));
  now += 2000;
  scene.see(observation('scene_change', 'The scene\nhas "changed".', 100));
  assert.deepEqual(scene.fresh(15_000), [
    { summary: "The scene has 'changed'.", ageMs: 100 },
    { summary: 'Something moves.', ageMs: 2500 },
  ]);
  now += 13_000;
  assert.deepEqual(scene.fresh(15_000), [{ summary: "The scene has 'changed'.", ageMs: 13_100 }]);
  now += 5000;
  assert.deepEqual(scene.fresh(15_000), []);
});
