import type { ErrorCode } from '@understudy/shared/errors';
import type { FailureFacts } from './failure-facts.ts';

interface FailureRow {
  readonly code: ErrorCode;
  readonly when: (facts: FailureFacts) => boolean;
  /** What the provider did, as the end of "provider primary ...". */
  readonly what: (facts: FailureFacts) => string;
}

const named = (facts: FailureFacts, ...names: readonly string[]) =>
  names.includes(facts.code ?? '') || names.includes(facts.type ?? '');
const status = (facts: FailureFacts, ...wanted: readonly number[]) => wanted.includes(facts.status ?? 0);
const answered = (facts: FailureFacts) =>
  [`answered ${facts.status ?? 'with an error'}`, facts.code ?? facts.type].filter(Boolean).join(' ');

const DNS = /^(ENOTFOUND|EAI_AGAIN|EAI_FAIL|ENODATA)$/;
const TLS = /^(CERT_|ERR_TLS|ERR_SSL|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH)/;
const HTTP = /^(HTTPParserError|HPE_|UND_ERR_(HEADERS|BODY|RES|INVALID|NOT_SUPPORTED))/;
const errnoIs = (pattern: RegExp) => (facts: FailureFacts) =>
  facts.stage === 'before_answer' && pattern.test(facts.errno ?? '');

/** Servers of one's own say it only in words, under a bare 400 (vLLM, llama.cpp, LM Studio). */
const TOO_LONG = /context (length|size|window)|maximum context|too many tokens|prompt is too long/i;

/** First match decides. The only place that looks at codes, types, statuses and words of providers. */
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
  {
    code: 'LLM_QUOTA_EXHAUSTED',
    when: (facts) =>
      status(facts, 402) ||
      named(facts, 'insufficient_quota', 'billing_hard_limit_reached', 'billing_not_active', 'insufficient_balance'),
    what: answered,
  },
  {
    code: 'LLM_UNKNOWN_MODEL',
    when: (facts) => named(facts, 'model_not_found') || (status(facts, 404) && facts.hasErrorBody),
    what: answered,
  },
  {
    code: 'LLM_BAD_KEY',
    when: (facts) =>
      status(facts, 401) ||
      (status(facts, 403) && facts.hasErrorBody) ||
      named(facts, 'invalid_api_key', 'authentication_error'),
    what: answered,
  },
  {
    code: 'LLM_CONTEXT_TOO_LONG',
    when: (facts) =>
      status(facts, 413) ||
      named(facts, 'context_length_exceeded', 'exceed_context_size_error', 'string_above_max_length') ||
      (status(facts, 400, 422) && TOO_LONG.test(facts.text)),
    what: answered,
  },
  {
    code: 'LLM_REFUSAL',
    when: (facts) => named(facts, 'content_filter', 'content_policy_violation', 'ResponsibleAIPolicyViolation'),
    what: answered,
  },
  {
    code: 'LLM_RATE_LIMITED',
    when: (facts) => status(facts, 429) || named(facts, 'rate_limit_exceeded', 'rate_limit_error'),
    what: (facts) =>
      answered(facts) + (facts.retryAfterMs === undefined ? '' : `, to be asked again in ${facts.retryAfterMs} ms`),
  },
  {
    code: 'LLM_OVERLOADED',
    when: (facts) => status(facts, 503, 529) || named(facts, 'overloaded_error', 'server_overloaded', 'overloaded'),
    what: answered,
  },
  { code: 'LLM_TIMEOUT', when: (facts) => status(facts, 408, 504), what: answered },
  {
    code: 'LLM_SERVER_ERROR',
    when: (facts) => (facts.status ?? 0) >= 500 || named(facts, 'server_error', 'internal_error'),
    what: answered,
  },
  { code: 'LLM_BAD_RESPONSE', when: ({ isMalformed }) => isMalformed, what: () => 'sent something that is not JSON' },
  { code: 'LLM_BAD_RESPONSE', when: (facts) => facts.status !== undefined, what: answered },
  { code: 'LLM_BAD_RESPONSE', when: ({ hasErrorBody }) => hasErrorBody, what: answered },
  {
    code: 'LLM_STALLED',
    when: ({ stage }) => stage === 'in_stream',
    what: ({ errno, text }) => `broke off in the middle of its answer (${errno ?? text})`,
  },
  {
    code: 'LLM_UNREACHABLE',
    when: errnoIs(DNS),
    what: ({ errno }) => `cannot be reached: its name is not found (DNS, ${errno})`,
  },
  {
    code: 'LLM_UNREACHABLE',
    when: errnoIs(TLS),
    what: ({ errno }) => `cannot be reached: no secure connection (TLS, ${errno})`,
  },
  {
    code: 'LLM_UNREACHABLE',
    when: errnoIs(HTTP),
    what: ({ errno }) => `cannot be reached: what answers there does not speak HTTP (HTTP, ${errno})`,
  },
  {
    code: 'LLM_UNREACHABLE',
    when: () => true,
    what: ({ errno, text }) => `cannot be reached: no connection (TCP, ${errno ?? text})`,
  },
];

/** @returns the code of the error table and what happened, in words */
export function classifyFailure(facts: FailureFacts): { code: ErrorCode; what: string } {
  const row = FAILURE_TABLE.find(({ when }) => when(facts));
  if (!row) throw new RangeError('the last row of FAILURE_TABLE takes everything; put it back');
  return { code: row.code, what: row.what(facts) };
}
