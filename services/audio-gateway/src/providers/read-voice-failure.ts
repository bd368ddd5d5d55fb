import { parseRetryAfter } from '@understudy/shared/providers';
import OpenAI from 'openai';
import { transportCode } from '../adapters/transport-code.ts';
import type { VoiceFailure } from './classify-voice-failure.ts';

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
    const retryAfterMs = error.headers && parseRetryAfter(error.headers, now);
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
