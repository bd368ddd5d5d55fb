import OpenAI from 'openai';
import { transportCode } from '../adapters/transport-code.ts';
import type { VoiceFailure } from './classify-voice-failure.ts';

const MAX_RETRY_AFTER_MS = 3_600_000;

/** What an error of the `openai` client, of its transport or of our own deadline says. */
export function readVoiceFailure(error: unknown, isOverdue: boolean, now: number): VoiceFailure {
  if (isOverdue || error instanceof OpenAI.APIConnectionTimeoutError) {
    return { kind: 'timeout', reason: 'did not answer in time' };
  }
  if (error instanceof OpenAI.APIConnectionError) {
    return { kind: 'unreachable', reason: `cannot be reached: ${transportCode(error)}` };
  }
  if (error instanceof OpenAI.APIError && typeof error.status === 'number') {
    const reason = error.code ?? error.type;
    const retryAfterMs = readRetryAfter(error.headers, now);
    return {
      kind: 'http',
      status: error.status,
      ...(typeof reason === 'string' ? { reason } : {}),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  }
  // A socket that dies in mid-body is a bare TypeError of the transport.
  return { kind: 'other', reason: `broke off: ${transportCode(error)}` };
}

/** `retry-after-ms`, else `retry-after` in seconds or as a date. */
export function readRetryAfter(headers: Headers | undefined, now: number): number | undefined {
  const exact = Number(headers?.get('retry-after-ms') ?? Number.NaN);
  const written = headers?.get('retry-after') ?? '';
  const seconds = written === '' ? Number.NaN : Number(written);
  const until = Date.parse(written) - now;
  const found = [exact, seconds * 1000, until].find((value) => Number.isFinite(value) && value >= 0);
  return found === undefined ? undefined : Math.min(MAX_RETRY_AFTER_MS, Math.round(found));
}
