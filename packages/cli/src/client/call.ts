import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';

export interface Call {
  readonly method: 'GET' | 'POST';
  /** http://host:port/path */
  readonly url: string;
  readonly body?: unknown;
  readonly token?: string;
  readonly timeoutMs: number;
}

/** Who was called could not be reached at all. */
export class UnreachableError extends CommandError {
  constructor(url: string, reason: string, options: { cause: unknown }) {
    const message = `Nobody answers at ${new URL(url).origin} (${reason}). Is Understudy running? Start it by: npm start`;
    super(message, EXIT.notRunning, options);
  }
}

/** It answered, and refused. */
export class RefusedError extends CommandError {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message, EXIT.failed);
    this.status = status;
  }
}

/** @returns the JSON that was answered. @throws UnreachableError, RefusedError, or a CommandError when it is late or no JSON */
export async function call({ method, url, body, token, timeoutMs }: Call): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((cause: unknown) => {
    throw unanswered(url, timeoutMs, cause);
  });
  const text = await response.text().catch((cause: unknown) => {
    throw unanswered(url, timeoutMs, cause);
  });
  const answer = parseJson(text);
  if (!response.ok)
    throw new RefusedError(response.status, refusalText(answer) ?? `${url} answered ${response.status}`);
  if (answer === undefined) throw new CommandError(`${url} answered something that is not JSON`, EXIT.failed);
  return answer;
}

function unanswered(url: string, timeoutMs: number, cause: unknown): CommandError {
  if (cause instanceof Error && cause.name === 'TimeoutError')
    return new CommandError(`${url} did not answer within ${timeoutMs / 1000} s`, EXIT.failed, { cause });
  const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code = reason instanceof Error && 'code' in reason ? String(reason.code) : String(reason);
  return new UnreachableError(url, code, { cause });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Every part answers an error as `{ statusCode, error, message }`. */
const refusalText = (answer: unknown): string | undefined =>
  typeof answer === 'object' && answer !== null && 'message' in answer ? String(answer.message) : undefined;
