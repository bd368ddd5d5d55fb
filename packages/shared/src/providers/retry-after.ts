const ONE_DAY_MS = 86_400_000;

function readRetryAfter(text: string, now: number): number {
  if (/^\s*\d+(\.\d+)?\s*$/.test(text)) return Number.parseFloat(text) * 1000;
  return /^[A-Za-z]{3}/.test(text) ? Date.parse(text) - now : Number.NaN;
}

/**
 * How long the provider asks to be left alone: `retry-after-ms`, else `retry-after` in seconds or as an HTTP date.
 * @returns milliseconds from 0 to a day; `undefined` when it says nothing that can be understood
 */
export function parseRetryAfter(headers: Headers, now: number): number | undefined {
  const inMs = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  const wait = Number.isFinite(inMs) ? inMs : readRetryAfter(headers.get('retry-after') ?? '', now);
  return Number.isFinite(wait) ? Math.round(Math.min(Math.max(wait, 0), ONE_DAY_MS)) : undefined;
}
