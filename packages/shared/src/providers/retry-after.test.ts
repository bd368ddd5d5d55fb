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

/** Of public threads; the numbers are theirs. */
const WORDS = [
  ['Please try again in 644ms.', 644],
  ['Please try again in 1m0.363142857s. Visit https://console.groq.com', 60_363],
  ['Please try again in 7.671428571s.', 7671],
  ['limit: 0\nPlease retry in 11.665902715s.', 11_666],
  ['try again in 20 seconds', 20_000],
  ['Please try again later', undefined],
  ['I said it again', undefined],
] as const;
for (const [message, expected] of WORDS) {
  it(`${JSON.stringify(message)} means ${expected} ms`, () =>
    assert.equal(parseRetryAfter(new Headers(), NOW, message), expected));
}

const RESETS = [
  [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '2m59.56s' }, 179_560],
  [
    {
      'x-ratelimit-remaining-requests': '3',
      'x-ratelimit-reset-requests': '24h',
      'x-ratelimit-remaining-tokens': '0',
      'x-ratelimit-reset-tokens': '40ms',
    },
    40,
  ],
  [{ 'x-ratelimit-remaining-requests': '3', 'x-ratelimit-reset-requests': '24h' }, undefined],
  [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': 'soon' }, undefined],
  [{ 'retry-after': '2', 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '40ms' }, 2000],
] as const;
for (const [headers, expected] of RESETS) {
  it(`${JSON.stringify(headers)} means ${expected} ms`, () =>
    assert.equal(parseRetryAfter(new Headers(headers), NOW), expected));
}
