import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { inspect } from 'node:util';
import { wrongProtocol } from './wrong-protocol.ts';

/** A longer subject would not fit an ErrorEvent. */
const MAX_DESCRIPTION = 120;

/** Host, port and path; user, password and query are left out, for cameras carry secrets there. */
export function describeUrl(kind: string, url: string): string {
  const parsed = URL.parse(url);
  const place = parsed === null ? 'at an address that is no URL' : `${parsed.host}${parsed.pathname}`;
  return `${kind} ${place}`.slice(0, MAX_DESCRIPTION);
}

/** What went wrong, in the system's words: `connect ECONNREFUSED 127.0.0.1:8792`. */
export function describeFailure(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return describeFailure(error.errors[0]);
  if (error instanceof Error && error.name === 'TimeoutError') return 'no answer in time';
  // Node's whole word for an answer that was cut in the middle.
  if (error instanceof Error && error.message === 'aborted') return 'the camera cut the connection';
  if (error instanceof Error) return error.message || error.name;
  // `String` calls what may be anything: `[{ toString: 0 }]` would throw.
  return typeof error === 'string' ? error : inspect(error, { customInspect: false });
}

/** Password, permission, place: what repeating the request does not change. */
const REFUSALS = new Set([401, 403, 404, 410]);

/** What an RTSP server may answer to a GET; Node takes its words for HTTP. */
const MISUNDERSTOOD = new Set([400, 404, 405, 501, 505]);
/** Hung up on, no TLS where TLS was asked for, or not a word of HTTP. */
const STRANGE = /^(ECONNRESET|EPROTO|HPE_.*)$/;

export class HttpStatusError extends Error {
  override readonly name = 'HttpStatusError';
  readonly code = 'CAMERA_HTTP_STATUS';
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

export class WrongProtocolError extends Error {
  override readonly name = 'WrongProtocolError';
  readonly code = 'CAMERA_WRONG_PROTOCOL';
}

/** Whether only an operator mends it. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof WrongProtocolError || (error instanceof HttpStatusError && REFUSALS.has(error.status));

/** Whether the camera may speak another protocol. */
const isStrange = (error: unknown): boolean =>
  error instanceof HttpStatusError
    ? MISUNDERSTOOD.has(error.status)
    : error instanceof Error && 'code' in error && STRANGE.test(String(error.code));

/**
 * GET with the credentials of the address, if any. Redirects are not followed.
 * @throws HttpStatusError for any status but 200; WrongProtocolError; whatever the socket says; the signal's reason
 */
export async function openHttp(url: string, signal: AbortSignal): Promise<IncomingMessage> {
  try {
    return await get200(url, signal);
  } catch (error) {
    const wrong = isStrange(error) ? await wrongProtocol(url, signal) : undefined;
    throw wrong === undefined ? error : new WrongProtocolError(wrong);
  }
}

function get200(url: string, signal: AbortSignal): Promise<IncomingMessage> {
  const get = url.startsWith('https:') ? getHttps : getHttp;
  return new Promise((resolve, reject) => {
    const request = get(url, { signal, headers: { accept: 'multipart/x-mixed-replace, image/*' } }, (response) => {
      if (response.statusCode === 200) return resolve(response);
      response.destroy();
      const { statusCode: status = 0 } = response;
      const target = response.headers.location === undefined ? '' : '; name the address that it redirects to';
      reject(new HttpStatusError(`the camera answers HTTP ${status}${target}`, status));
    });
    request.on('error', (error) => reject(signal.aborted ? signal.reason : error));
  });
}
