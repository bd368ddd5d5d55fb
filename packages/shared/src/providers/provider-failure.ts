import { inspect } from 'node:util';
import { readErrorBody } from './error-body.ts';
import { parseRetryAfter } from './retry-after.ts';

/** What a failed call to an OpenAI-compatible endpoint shows from outside, read once; everything that a classification may look at. */
export interface ProviderFailure {
  /** How far it came: no answer yet, an answer that was no success, or in the midst of the stream. */
  readonly stage: 'before_answer' | 'answered' | 'in_stream';
  /** Of HTTP; within a stream, which began with 200, the one that the error body names. */
  readonly status?: number;
  /** Of the error body, as the provider names it. */
  readonly code?: string;
  readonly type?: string;
  /** The body was an error of such an API: it was the provider, and no proxy or other server. */
  readonly hasErrorBody: boolean;
  /** Of the system or of undici: `ECONNREFUSED`, `ENOTFOUND`, `UND_ERR_SOCKET`, `HTTPParserError`, `Z_DATA_ERROR`, ...; `REDIRECT_LOOP` is ours. */
  readonly errno?: string;
  readonly isMalformed: boolean;
  readonly retryAfterMs?: number;
  /** What the model takes, where the body has a field for it. */
  readonly contextTokens?: number;
  /** The provider's own words; they may repeat the key, so they are for reading and not for showing. */
  readonly text: string;
}

/** Where undici gives no code: its parser's error has a name of its own, more than 20 redirects only words. */
const nameOf = ({ name, message }: Error): string | undefined => {
  if (message === 'redirect count exceeded') return 'REDIRECT_LOOP';
  return /^(Type)?Error$/.test(name) ? undefined : name;
};

const codeOf = (value: unknown): string | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  const found: unknown = Reflect.get(value, 'code');
  return typeof found === 'string' && found !== '' ? found : undefined;
};

/** fetch wraps: `fetch failed` says nothing, the innermost cause has the code. */
function errnoOf(error: unknown): string | undefined {
  let found: string | undefined;
  let level: unknown = error;
  for (let depth = 0; depth < 5 && level instanceof Error; depth += 1) {
    const [inner] = level instanceof AggregateError ? (level.errors as unknown[]) : [];
    found = codeOf(level) ?? codeOf(inner) ?? (depth > 0 ? nameOf(level) : undefined) ?? found;
    level = level.cause;
  }
  return found;
}

/** `String` calls what may be anything: `{ toString: 0 }` would throw. */
const wordsOf = (error: unknown): string => {
  if (error instanceof Error) return error.message;
  return typeof error === 'string' ? error : inspect(error, { customInspect: false });
};

const httpStatus = (value: unknown): number | undefined =>
  typeof value === 'number' && value >= 400 && value <= 599 ? value : undefined;

/**
 * @param error whatever the `openai` client or its transport threw
 * @param isStreaming the answer had begun
 * @param now epoch milliseconds, for a `Retry-After` that is a date
 */
export function readProviderFailure(error: unknown, isStreaming: boolean, now: number): ProviderFailure {
  const read = (key: string): unknown =>
    typeof error === 'object' && error !== null ? Reflect.get(error, key) : undefined;
  const answered = typeof read('status') === 'number' ? Number(read('status')) : undefined;
  const body = read('error');
  const { code, type, numericCode, contextTokens, details, ...found } = readErrorBody(body);
  // Under a success only a field `error` brings us here: that is one, though it may say nothing in words.
  const isError = found.isError || (answered === undefined && typeof body === 'object' && body !== null);
  const status = answered ?? httpStatus(numericCode);
  const headers = read('headers');
  const text = [wordsOf(error), ...details].join(' ');
  const retryAfterMs = headers instanceof Headers ? parseRetryAfter(headers, now, text) : undefined;
  const errno = answered === undefined && !isError ? errnoOf(error) : undefined;
  return {
    stage: answered !== undefined ? 'answered' : isStreaming || isError ? 'in_stream' : 'before_answer',
    hasErrorBody: isError,
    isMalformed: error instanceof SyntaxError,
    text,
    ...(status === undefined ? {} : { status }),
    ...(code === undefined ? {} : { code }),
    ...(type === undefined ? {} : { type }),
    ...(errno === undefined ? {} : { errno }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(contextTokens === undefined ? {} : { contextTokens }),
  };
}
