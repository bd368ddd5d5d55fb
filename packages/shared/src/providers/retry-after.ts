const ONE_DAY_MS = 86_400_000;

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: ONE_DAY_MS };

/** A duration as Go prints it: `6ms`, `7.66s`, `1m0.363s`, `2h`. */
const DURATION = /(?:\d+(?:\.\d+)?(?:ms|[smhd]))+/;
/** "Please try again in 1m9.696s.", "Please retry in 11.66s." (Groq, OpenAI, Gemini), "try again in 20 seconds". */
const IN_WORDS = new RegExp(
  `\\b(?:again|retry|wait)(?: (?:in|after|for))? (${DURATION.source}|\\d+(?:\\.\\d+)? ?seconds?)`,
  'i',
);

function readDuration(text: string): number {
  const [seconds] = /^\d+(\.\d+)?(?= ?seconds?$)/.exec(text) ?? [];
  if (seconds !== undefined) return Number.parseFloat(seconds) * 1000;
  if (!new RegExp(`^${DURATION.source}$`).test(text)) return Number.NaN;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)];
  return parts.reduce((sum, [, count = '', unit = '']) => sum + Number.parseFloat(count) * (UNIT_MS[unit] ?? 0), 0);
}

function readRetryAfter(text: string, now: number): number {
  if (/^\s*\d+(\.\d+)?\s*$/.test(text)) return Number.parseFloat(text) * 1000;
  return /^[A-Za-z]{3}/.test(text) ? Date.parse(text) - now : Number.NaN;
}

/** Of OpenAI, Groq and their like: when the limit that is spent is renewed. The one with something left says nothing. */
const RATE_LIMITS = ['requests', 'tokens'] as const;

function readReset(headers: Headers): number {
  const waits = RATE_LIMITS.flatMap((of) => {
    const isSpent = Number.parseFloat(headers.get(`x-ratelimit-remaining-${of}`) ?? '') <= 0;
    return isSpent ? [readDuration(headers.get(`x-ratelimit-reset-${of}`)?.trim() ?? '')] : [];
  });
  return Math.max(...waits.filter(Number.isFinite));
}

/**
 * How long the provider asks to be left alone: `retry-after-ms`, else `retry-after` in seconds or as an HTTP date, else what its
 * message says in words, else `x-ratelimit-reset-*` of the limit that is spent.
 * @param message of the error body
 * @returns milliseconds from 0 to a day; `undefined` when it says nothing that can be understood
 */
export function parseRetryAfter(headers: Headers, now: number, message = ''): number | undefined {
  const said = [
    () => Number.parseFloat(headers.get('retry-after-ms') ?? ''),
    () => readRetryAfter(headers.get('retry-after') ?? '', now),
    () => readDuration(IN_WORDS.exec(message)?.[1]?.toLowerCase() ?? ''),
    () => readReset(headers),
  ];
  for (const read of said) {
    const wait = read();
    if (Number.isFinite(wait)) return Math.round(Math.min(Math.max(wait, 0), ONE_DAY_MS));
  }
  return undefined;
}
