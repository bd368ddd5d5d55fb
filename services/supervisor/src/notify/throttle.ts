import type { NoticeRecord } from '@understudy/shared/contracts';
import type { Notice } from './notice.ts';

const REMEMBERED = 1000;

/**
 * The same key at most once in a cooldown; a resolution always, once, when something of its thread was told.
 * @param told oldest first: what was told before this process began
 */
export function createThrottle(told: readonly NoticeRecord[]) {
  const toldAt = new Map<string, number>();
  const openThreads = new Set<string>();

  const forgetOldest = (keys: Map<string, unknown> | Set<string>) => {
    const [oldest] = keys.size > REMEMBERED ? keys.keys() : [];
    if (oldest !== undefined) keys.delete(oldest);
  };
  const note = ({ kind, key, thread }: Pick<NoticeRecord, 'kind' | 'key' | 'thread'>, at: number): void => {
    if (kind === 'resolved') return void openThreads.delete(thread);
    openThreads.add(thread);
    toldAt.set(key, at);
    forgetOldest(toldAt);
    forgetOldest(openThreads);
  };
  for (const record of told) note(record, Date.parse(record.at));

  return {
    note,
    holdsBack({ kind, key, thread }: Notice, cooldownMs: number, now: number): boolean {
      if (kind === 'resolved') return !openThreads.has(thread);
      const last = toldAt.get(key);
      return last !== undefined && now - last < cooldownMs;
    },
  };
}
