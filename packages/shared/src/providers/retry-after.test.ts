import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseRetryAfter } from './retry-after.ts';

const NOW = Date.UTC(2026, 0, 1);
const CASES = [
  [{ 'retry-after-ms': '350', 'retry-after': '9' }, 350],
  [{ 'retry-after': '90' }, 90_000],
  [{ 'retry-after': '1.5' }, 1500],
  [{ 'retry-after': new Date(NOW + 5000).toUTCString() }, 5000],
  [{ 'retry-after': new Date(NOW - 5000).toUTCString() }, 0],
  [{ 'retry-after': '999999999' }, 86_400_000],
  [{ 'retry-after': '-3' }, undefined],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after-ms': 'x' }, undefined],
  [{}, undefined],
] as const;

for (const [headers, expected] of CASES) {
  it(`${JSON.stringify(headers)} means ${expected} ms`, () =>
    assert.equal(parseRetryAfter(new Headers(headers), NOW), expected));
}
