import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PictureStatistics } from '../child/picture-statistics.ts';
import { type Change, noticeChanges, type ToldChanges } from './notice-changes.ts';

const thresholds = { sceneChange: 0.25, brightness: 0.15, motion: 0.02 };

/** What is told of looks as [time, statistics]. */
function told(...looks: readonly (readonly [number, PictureStatistics])[]): Change[][] {
  let memory: ToldChanges = { at: {} };
  return looks.map(([now, look]) => {
    const noticed = noticeChanges(look, thresholds, memory, now);
    memory = noticed.told;
    return [...noticed.changes];
  });
}

test('the first look tells nothing: there is nothing to compare with', () => {
  assert.deepEqual(told([0, { brightness: 0.5 }]), [[]]);
});

test('movement at the threshold is told, below it is not', () => {
  assert.deepEqual(
    told(
      [0, { brightness: 0.5, motion: 0.019, sceneChange: 0 }],
      [1, { brightness: 0.5, motion: 0.02, sceneChange: 0 }],
    ),
    [[], [{ kind: 'motion', summary: 'Something is moving.', value: 0.02, confidence: 0.5 }]],
  );
});

test('a new scene is told alone; that everything moves with it goes without saying', () => {
  assert.deepEqual(told([0, { brightness: 0.5, motion: 0.6, sceneChange: 1 }]), [
    [{ kind: 'scene_change', summary: 'The scene has changed.', value: 1, confidence: 1 }],
  ]);
});

test('light that changes slowly is told when it has changed enough since it was last told', () => {
  const looks = [0.5, 0.55, 0.6, 0.66, 0.7, 0.4].map(
    (brightness, index) => [index * 5000, { brightness, motion: 0, sceneChange: 0 }] as const,
  );
  assert.deepEqual(told(...looks).flat(), [
    { kind: 'brightness', summary: 'It has become brighter.', value: 0.16, confidence: 0.506 },
    { kind: 'brightness', summary: 'It has become darker.', value: -0.26, confidence: 0.565 },
  ]);
});

test('each kind is told at most once in two seconds; what is held back is not lost when it lasts', () => {
  const dark = { brightness: 0.1, motion: 0.1, sceneChange: 0 };
  const kinds = told(
    [0, { ...dark, brightness: 0.9 }],
    [1000, dark],
    [1999, { ...dark, brightness: 0.9 }],
    [2000, { ...dark, brightness: 0.9 }],
    [3000, { ...dark, brightness: 0.9 }],
  ).map((changes) => changes.map(({ kind }) => kind));
  assert.deepEqual(kinds, [['motion'], ['brightness'], [], ['motion'], ['brightness']]);
});
