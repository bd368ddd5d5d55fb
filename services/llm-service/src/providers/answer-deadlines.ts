/** After its finish reason a well-behaved server sends `[DONE]` at once; so long is waited for it, to keep the connection for the next call. */
const TAIL_MS = 250;

export type Expired = 'first_token' | 'next_token';

export interface AnswerDeadlines {
  /** Aborted by the caller or by a deadline. */
  readonly signal: AbortSignal;
  /** Which deadline passed, if one did. */
  expired(): Expired | undefined;
  /** Text has been taken; the next is waited for. */
  onText(): void;
  /** Text arrived and is being looked at: that time is not the provider's. */
  hold(): void;
  /** The finish reason arrived. */
  onFinish(): void;
  stop(): void;
}

/** The client's own timeout ends with the headers: a body that stalls would be waited for without end (protocols.md, section 6). */
export function createAnswerDeadlines(
  limits: { readonly firstTokenMs: number; readonly nextTokenMs: number },
  caller: AbortSignal,
): AnswerDeadlines {
  const own = new AbortController();
  let passed: Expired | undefined;
  let timer: NodeJS.Timeout | undefined;
  const expireIn = (ms: number, as: Expired) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      passed = as;
      own.abort();
    }, ms);
  };
  expireIn(limits.firstTokenMs, 'first_token');
  return {
    signal: AbortSignal.any([caller, own.signal]),
    expired: () => passed,
    onText: () => expireIn(limits.nextTokenMs, 'next_token'),
    hold: () => clearTimeout(timer),
    onFinish: () => expireIn(TAIL_MS, 'next_token'),
    stop: () => clearTimeout(timer),
  };
}
