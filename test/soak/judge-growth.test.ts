import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeGrowth } from './judge-growth.ts';
import type { ProcessSample } from './sample-process.ts';

const MB = 1024 * 1024;
const life = (pid: number, fromMs: number, of: (index: number) => Partial<ProcessSample>): ProcessSample[] =>
  Array.from({ length: 60 }, (_, index) => ({
    atMs: fromMs + index * 10_000,
    pid,
    bytes: 60 * MB,
    files: 30,
    threads: 11,
    ...of(index),
  }));

describe('memory of a part', () => {
  test('that warms up and then stays is flat', () => {
    const growth = judgeGrowth(life(1, 0, (index) => ({ bytes: index < 3 ? 40 * MB : 60 * MB })));
    assert.deepEqual(growth, {
      lives: 1,
      early: { bytes: 60 * MB, files: 30, threads: 11 },
      late: { bytes: 60 * MB, files: 30, threads: 11 },
      maxBytes: 60 * MB,
      lifeMs: 590_000,
      isFlat: true,
    });
  });
  test('that grows by half a megabyte in ten seconds is not', () => {
    assert.equal(judgeGrowth(life(1, 0, (index) => ({ bytes: (60 + index / 2) * MB }))).isFlat, false);
  });
  test('that never closes a file is not', () => {
    assert.equal(judgeGrowth(life(1, 0, (index) => ({ files: 30 + index }))).isFlat, false);
  });
  test('that starts threads is not', () => {
    assert.equal(judgeGrowth(life(1, 0, (index) => ({ threads: 11 + Math.floor(index / 6) }))).isFlat, false);
  });
  test('of an earlier life does not count', () => {
    const growth = judgeGrowth([...life(1, 0, () => ({ bytes: 30 * MB })), ...life(2, 600_000, () => ({}))]);
    assert.deepEqual([growth.lives, growth.isFlat, growth.lifeMs], [2, true, 590_000]);
  });
});
