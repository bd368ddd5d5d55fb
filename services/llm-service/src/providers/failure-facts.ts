import { parseRetryAfter } from '@understudy/shared/providers';
import type { Expired } from './answer-deadlines.ts';

/** What a failed call shows from outside; everything that the classification may look at. */
export interface FailureFacts {
  /** How far it came: no answer yet, an answer that was no success, or in the midst of the stream. */
  readonly stage: 'before_answer' | 'answered' | 'in_stream';
  readonly expired?: Expired;
  readonly status?: number;
  /** Of the error body, as the provider names it. */
  readonly code?: string;
  readonly type?: string;
  /** The body was an error of a chat API: it was the provider, and no proxy or other server. */
  readonly hasErrorBody: boolean;
  /** Of the system or of undici: `ECONNREFUSED`, `ENOTFOUND`, `UND_ERR_SOCKET`, `HTTPParserError`, ... */
  readonly errno?: string;
  readonly isMalformed: boolean;
  readonly retryAfterMs?: number;
  readonly text: string;
}

const stringOf = (value: unknown, key: string): string | undefined => {
  if (typeof value !== 'object' || value === null || !(key in value)) return undefined;
  const found: unknown = Reflect.get(value, key);
  return typeof found === 'string' && found !== '' ? found : undefined;
};

/** undici's parser gives its error no code, but a name of its own. */
const nameOf = (error: Error): string | undefined => (/^(Type)?Error$/.test(error.name) ? undefined : error.name);

/** fetch wraps: `fetch failed` says nothing, the innermost cause has the code. */
function errnoOf(error: unknown): string | undefined {
  let found: string | undefined;
  let level: unknown = error;
  for (let depth = 0; depth < 5 && level instanceof Error; depth += 1) {
    const [inner] = level instanceof AggregateError ? (level.errors as unknown[]) : [];
    found = stringOf(level, 'code') ?? stringOf(inner, 'code') ?? (depth > 0 ? nameOf(level) : undefined) ?? found;
    level = level.cause;
  }
  return found;
}

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/**
 * @param error whatever the `openai` client threw
 * @param now epoch milliseconds, for a `Retry-After` that is a date
 */
export function failureFacts(
  error: unknown,
  call: { readonly streaming: boolean; readonly expired?: Expired },
  now: number,
): FailureFacts {
  const read = (key: string): unknown =>
    typeof error === 'object' && error !== null ? Reflect.get(error, key) : undefined;
  const status = numberOf(read('status'));
  const body = read('error');
  const code = stringOf(error, 'code') ?? stringOf(body, 'code');
  const type = stringOf(error, 'type') ?? stringOf(body, 'type');
  const headers = read('headers');
  const retryAfterMs = headers instanceof Headers ? parseRetryAfter(headers, now) : undefined;
  const hasErrorBody = typeof body === 'string' || stringOf(body, 'message') !== undefined;
  const errno = status === undefined && !hasErrorBody ? errnoOf(error) : undefined;
  return {
    stage: status !== undefined ? 'answered' : call.streaming ? 'in_stream' : 'before_answer',
    hasErrorBody,
    isMalformed: error instanceof SyntaxError,
    text: error instanceof Error ? error.message : String(error),
    ...(call.expired === undefined ? {} : { expired: call.expired }),
    ...(status === undefined ? {} : { status }),
    ...(code === undefined || errno !== undefined ? {} : { code }),
    ...(type === undefined ? {} : { type }),
    ...(errno === undefined ? {} : { errno }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}
