import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { inspect } from 'node:util';

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

export class HttpStatusError extends Error {
  override readonly name = 'HttpStatusError';
  readonly code = 'CAMERA_HTTP_STATUS';
  readonly isRefusal: boolean;
  constructor(message: string, status: number | undefined) {
    super(message);
    this.isRefusal = status !== undefined && REFUSALS.has(status);
  }
}

/**
 * GET with the credentials of the address, if any. Redirects are not followed.
 * @throws HttpStatusError for any status but 200; whatever the socket says; the signal's reason
 */
export function openHttp(url: string, signal: AbortSignal): Promise<IncomingMessage> {
  const get = url.startsWith('https:') ? getHttps : getHttp;
  return new Promise((resolve, reject) => {
    const request = get(url, { signal, headers: { accept: 'multipart/x-mixed-replace, image/*' } }, (response) => {
      if (response.statusCode === 200) return resolve(response);
      response.destroy();
      const target = response.headers.location === undefined ? '' : '; name the address that it redirects to';
      reject(new HttpStatusError(`the camera answers HTTP ${response.statusCode}${target}`, response.statusCode));
    });
    request.on('error', (error) => reject(signal.aborted ? signal.reason : error));
  });
}
