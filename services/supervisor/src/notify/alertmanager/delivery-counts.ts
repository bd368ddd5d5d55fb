import type { TestDelivery } from '@understudy/shared/contracts';
import { parse } from 'yaml';

/** Requests to one kind of receiver since Alertmanager's start. */
export interface RequestCount {
  readonly requests: number;
  readonly failed: number;
}
export type RequestCounts = ReadonlyMap<string, RequestCount>;

const NONE: RequestCount = { requests: 0, failed: 0 };
const SAMPLE = /^alertmanager_notification_requests(_failed)?_total\{(?:[^}]*,)?integration="([^"]+)"[^}]*\} (\S+)/;

/** @param text Alertmanager's `/metrics` */
export function readRequestCounts(text: string): RequestCounts {
  const counts = new Map<string, RequestCount>();
  for (const line of text.split('\n')) {
    const [, failed, kind, value] = SAMPLE.exec(line) ?? [];
    if (kind === undefined) continue;
    const { requests, failed: failures } = counts.get(kind) ?? NONE;
    const added = Number(value);
    counts.set(
      kind,
      failed ? { requests, failed: failures + added } : { requests: requests + added, failed: failures },
    );
  }
  return counts;
}

type Expected = Pick<TestDelivery, 'kind' | 'names'>;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const CONFIGS = /^(.+)_configs$/;

/** The first path under a key that ends with `_file`, the outer ones first. */
function findFile(settings: unknown): string | undefined {
  if (!isRecord(settings)) return undefined;
  const own = Object.entries(settings).find(([key, value]) => key.endsWith('_file') && value !== '');
  if (typeof own?.[1] === 'string') return own[1];
  return Object.values(settings).map(findFile).find(Boolean);
}

/** Its secret's file names an integration; without one only its receiver does. */
const nameOf = (integration: unknown, receiver: string): string => findFile(integration)?.split('/').at(-1) ?? receiver;

/**
 * The messages that the named receivers send, by kind.
 * @param config Alertmanager's own configuration, YAML with its secrets hidden
 */
export function expectDeliveries(config: string, receivers: readonly string[]): Expected[] {
  const read: unknown = parse(config);
  const all = isRecord(read) && Array.isArray(read['receivers']) ? read['receivers'] : [];
  const named = all.flatMap((receiver: unknown) => {
    if (!isRecord(receiver) || typeof receiver['name'] !== 'string' || !receivers.includes(receiver['name'])) return [];
    const { name } = receiver;
    return Object.entries(receiver).flatMap(([key, integrations]) => {
      const kind = CONFIGS.exec(key)?.[1];
      if (kind === undefined || !Array.isArray(integrations)) return [];
      return integrations.map((integration: unknown) => ({ kind, name: nameOf(integration, name) }));
    });
  });
  return [...Map.groupBy(named, ({ kind }) => kind)].map(([kind, same]) => ({
    kind,
    names: same.map(({ name }) => name),
  }));
}

/** What became of what was expected, from the counts before and after. */
export function judgeDeliveries(
  expected: readonly Expected[],
  before: RequestCounts,
  after: RequestCounts,
): TestDelivery[] {
  return expected.map(({ kind, names }) => {
    const [then, now] = [before.get(kind) ?? NONE, after.get(kind) ?? NONE];
    const failedAttempts = now.failed - then.failed;
    const delivered = Math.min(names.length, now.requests - then.requests - failedAttempts);
    const missing = failedAttempts > 0 ? 'failed' : 'not_sent';
    return { kind, names, delivered, failedAttempts, state: delivered >= names.length ? 'delivered' : missing };
  });
}
