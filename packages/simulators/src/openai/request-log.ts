import { createBoundedLog } from '../record/bounded-log.ts';

export interface RequestRecord {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly provider: string;
  readonly method: string;
  /** After `/v1`. */
  readonly path: string;
  /** HTTP status, `undefined` when the request was never answered. */
  readonly status: number | undefined;
  /** Epoch milliseconds, when its last byte was sent. */
  readonly answeredAt: number | undefined;
}

export interface RequestLog {
  /** Notes a request; the result notes how it was answered. */
  begin(request: { provider: string; method: string; path: string }): (status: number) => void;
  entries(): RequestRecord[];
  count(provider: string): number;
}

const KEPT_REQUESTS = 500;
const NOT_ANSWERED: Pick<RequestRecord, 'status' | 'answeredAt'> = { status: undefined, answeredAt: undefined };

export function createRequestLog(now: () => number): RequestLog {
  const log = createBoundedLog<{ -readonly [Field in keyof RequestRecord]: RequestRecord[Field] }>(KEPT_REQUESTS);
  const counts = new Map<string, number>();
  return {
    begin(request) {
      const record = { at: now(), ...request, ...NOT_ANSWERED };
      log.push(record);
      counts.set(request.provider, (counts.get(request.provider) ?? 0) + 1);
      return (status) => {
        record.status = status;
        record.answeredAt = now();
      };
    },
    entries: () => log.entries().map((record) => ({ ...record })),
    count: (provider) => counts.get(provider) ?? 0,
  };
}
