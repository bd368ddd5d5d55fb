import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareVersions } from './compare-versions.ts';

test('versions are ordered by their numbers, not their letters', () => {
  const versions = ['2.15.1', '2.9.10', '2.9.9', '10.0.0', '2.9'];
  assert.deepEqual(versions.toSorted(compareVersions), ['2.9', '2.9.9', '2.9.10', '2.15.1', '10.0.0']);
  assert.equal(compareVersions('2.9.10', '2.9.10'), 0);
});
