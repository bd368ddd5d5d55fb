import type { ProviderFailure } from './provider-failure.ts';

/** Where on the way a connection failed, by the code of the system, of OpenSSL or of undici. First match counts; the rest is TCP. */
const CONNECTION: readonly (readonly [pattern: RegExp, layer: string, what: string])[] = [
  [/^(ENOTFOUND|EAI_AGAIN|EAI_FAIL|ENODATA)$/, 'DNS', 'its name is not found'],
  [
    /^(CERT_|ERR_TLS|ERR_SSL|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH)/,
    'TLS',
    'no secure connection',
  ],
  [
    /^(HTTPParserError|HPE_|UND_ERR_(HEADERS|BODY|RES|INVALID|NOT_SUPPORTED))/,
    'HTTP',
    'what answers there does not speak HTTP',
  ],
];

/** An answer came, and fetch could do nothing with it. zlib's codes, Brotli's and Zstandard's, and `REDIRECT_LOOP` of ours. */
const UNUSABLE: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^(Z_|ERR__ERROR_|ZSTD_)/, 'sent an answer that cannot be unpacked'],
  [/^REDIRECT_LOOP$/, 'sends us from one address to the next without end'],
];

/** As the end of "provider primary ...": it answered with something that is none. @returns nothing for any other failure */
export function describeUnusable({ errno = '' }: ProviderFailure): string | undefined {
  const [, what] = UNUSABLE.find(([pattern]) => pattern.test(errno)) ?? [];
  return what === undefined ? undefined : `${what} (${errno})`;
}

/** As the end of "provider primary ...": no answer came, or none that can be used. */
export function describeUnreachable(failure: ProviderFailure): string {
  const unusable = describeUnusable(failure);
  if (unusable !== undefined) return unusable;
  const { errno, text } = failure;
  const [, layer, what] = CONNECTION.find(([pattern]) => pattern.test(errno ?? '')) ?? [/$/, 'TCP', 'no connection'];
  return `cannot be reached: ${what} (${layer}, ${errno ?? text})`;
}

/** As the end of "provider primary ...": its answer was an error. Without its message, which may repeat the key. */
export const describeAnswer = ({ status, code, type }: ProviderFailure): string =>
  [`answered ${status ?? 'with an error'}`, code ?? type].filter(Boolean).join(' ').slice(0, 120);
