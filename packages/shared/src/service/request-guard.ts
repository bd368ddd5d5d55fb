import { timingSafeEqual } from 'node:crypto';

/** A server on loopback is open to every page in a browser there: these three are what keeps them out. */
export interface GuardRules {
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly token: string;
}

export interface GuardedRequest {
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
  readonly needsToken: boolean;
}

export type GuardVerdict = { ok: true } | { ok: false; status: 401 | 403 | 415; reason: string; message: string };

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];
const withoutPort = (host: string) => host.replace(/:\d+$/, '').toLowerCase();
const CHANGING = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

function hasToken(authorization: string | undefined, token: string): boolean {
  const given = Buffer.from(authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

const refuse = (status: 401 | 403 | 415, reason: string, message: string): GuardVerdict => ({
  ok: false,
  status,
  reason,
  message,
});

/** Host defeats DNS rebinding, Origin another page's scripts, the JSON type a plain form; the token all that lack the file. */
export function judgeRequest(request: GuardedRequest, rules: GuardRules): GuardVerdict {
  const host = withoutPort(request.host ?? '');
  if (![...LOOPBACK_NAMES, ...rules.allowedHosts.map(withoutPort)].includes(host)) {
    return refuse(
      403,
      'host',
      `Host "${request.host ?? ''}" is not allowed; use 127.0.0.1 or add it to http.allowed_hosts`,
    );
  }
  if (request.origin !== undefined && !rules.allowedOrigins.includes(request.origin)) {
    return refuse(403, 'origin', `Origin "${request.origin}" is not allowed; add it to http.allowed_origins`);
  }
  const json = /^application\/json(;|$)/i.test(request.contentType ?? '');
  if (CHANGING.has(request.method) && !json) {
    return refuse(415, 'content_type', 'Only application/json is accepted; set the Content-Type header');
  }
  if (request.needsToken && !hasToken(request.authorization, rules.token)) {
    return refuse(
      401,
      'token',
      'This changes the bot: send Authorization: Bearer TOKEN (the token is in .understudy/token)',
    );
  }
  return { ok: true };
}
