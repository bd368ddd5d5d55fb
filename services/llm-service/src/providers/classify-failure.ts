import type { ErrorCode } from '@understudy/shared/errors';
import {
  describeAnswer,
  describeUnreachable,
  describeUnusable,
  hasStatus,
  isContentFiltered,
  isKeyRefused,
  isModelUnknown,
  isNamed,
  isOutOfMemory,
  isQuotaSpent,
} from '@understudy/shared/providers';
import type { FailureFacts } from './failure-facts.ts';

interface FailureRow {
  readonly code: ErrorCode;
  readonly when: (facts: FailureFacts) => boolean;
  /** What the provider did, as the end of "provider primary ...". */
  readonly what: (facts: FailureFacts) => string;
}

/** Servers of one's own say it only in words: under a bare 400 (vLLM), a 500 (llama.cpp), or within a stream (LM Studio). */
const TOO_LONG =
  /context (length|size|window)|maximum context|context the overflows|too many tokens|prompt is too long|reduce the length of the messages/i;

/** llama.cpp listens before it has its model. */
const LOADING = /loading model/i;

/** The process of its model died (Ollama), or a step of it (llama.cpp); of what, these servers do not say. */
const MODEL_DIED = /process has terminated|no longer running|resource limitations|compute error/i;

/** First match decides. Beside shared/providers the only place that looks at codes, types, statuses and words of providers. */
export const FAILURE_TABLE: readonly FailureRow[] = [
  {
    code: 'LLM_TIMEOUT',
    when: ({ expired }) => expired === 'first_token',
    what: () => 'sent nothing within its time',
  },
  {
    code: 'LLM_STALLED',
    when: ({ expired }) => expired === 'next_token',
    what: () => 'stopped in the middle of its answer',
  },
  { code: 'LLM_QUOTA_EXHAUSTED', when: isQuotaSpent, what: describeAnswer },
  { code: 'LLM_CONTENT_FILTERED', when: isContentFiltered, what: describeAnswer },
  {
    code: 'LLM_OUT_OF_MEMORY',
    when: isOutOfMemory,
    what: (facts) => `has no memory for it (${describeAnswer(facts)})`,
  },
  { code: 'LLM_UNKNOWN_MODEL', when: isModelUnknown, what: describeAnswer },
  { code: 'LLM_BAD_KEY', when: isKeyRefused, what: describeAnswer },
  {
    code: 'LLM_CONTEXT_TOO_LONG',
    when: (facts) =>
      hasStatus(facts, 413) ||
      isNamed(facts, 'context_length_exceeded', 'exceed_context_size_error', 'string_above_max_length') ||
      ((hasStatus(facts, 400, 422, 500) || facts.stage === 'in_stream') &&
        facts.hasErrorBody &&
        TOO_LONG.test(facts.text)),
    what: describeAnswer,
  },
  {
    code: 'LLM_RATE_LIMITED',
    when: (facts) =>
      hasStatus(facts, 429) || isNamed(facts, 'rate_limit_exceeded', 'rate_limit_error', 'RESOURCE_EXHAUSTED'),
    what: (facts) =>
      describeAnswer(facts) +
      (facts.retryAfterMs === undefined ? '' : `, to be asked again in ${facts.retryAfterMs} ms`),
  },
  {
    code: 'LLM_OVERLOADED',
    when: (facts) =>
      hasStatus(facts, 503, 529) ||
      isNamed(facts, 'overloaded_error', 'server_overloaded', 'overloaded', 'UNAVAILABLE'),
    what: (facts) => (LOADING.test(facts.text) ? 'is still loading its model' : describeAnswer(facts)),
  },
  { code: 'LLM_TIMEOUT', when: (facts) => hasStatus(facts, 408, 504), what: describeAnswer },
  {
    code: 'LLM_SERVER_ERROR',
    when: (facts) => (facts.status ?? 0) >= 500 || isNamed(facts, 'server_error', 'internal_error'),
    what: (facts) =>
      describeAnswer(facts) +
      (MODEL_DIED.test(facts.text) ? ': its model ended, often for want of memory, which its own log tells' : ''),
  },
  {
    code: 'LLM_BAD_RESPONSE',
    when: (facts) => describeUnusable(facts) !== undefined,
    what: describeUnreachable,
  },
  { code: 'LLM_BAD_RESPONSE', when: ({ isMalformed }) => isMalformed, what: () => 'sent something that is not JSON' },
  { code: 'LLM_BAD_RESPONSE', when: (facts) => facts.status !== undefined, what: describeAnswer },
  { code: 'LLM_BAD_RESPONSE', when: ({ hasErrorBody }) => hasErrorBody, what: describeAnswer },
  {
    code: 'LLM_STALLED',
    when: ({ stage }) => stage === 'in_stream',
    what: ({ errno, text }) => `broke off in the middle of its answer (${errno ?? text})`,
  },
  { code: 'LLM_UNREACHABLE', when: () => true, what: describeUnreachable },
];

/** @returns the code of the error table and what happened, in words */
export function classifyFailure(facts: FailureFacts): { code: ErrorCode; what: string } {
  const row = FAILURE_TABLE.find(({ when }) => when(facts));
  if (!row) throw new RangeError('the last row of FAILURE_TABLE takes everything; put it back');
  return { code: row.code, what: row.what(facts) };
}
