import { ServiceError } from '@understudy/shared/errors';
import type { ProbeResult, ServiceContext } from '@understudy/shared/service';
import type { LocalReplies } from './local-replies.ts';
import type { RemoteReplies } from './remote-replies.ts';
import { decodeReply, encodeReply, type StoredReply } from './stored-reply.ts';

/** How often a Redis that is away, or hangs with its connection open, is asked whether it is back. */
const RECHECK_MS = 2000;

type Surroundings = Pick<ServiceContext, 'clock' | 'logger' | 'metrics' | 'reportError'>;

export interface ReplyCache {
  lookUp(key: string): Promise<StoredReply | undefined>;
  /** Never waited for: a viewer's turn is over by then. */
  store(key: string, reply: StoredReply, ttlMs: number): void;
  /** @returns how many entries there were in this process and in Redis */
  clear(): Promise<{ local: number; remote: number | undefined }>;
  clearLocal(): number;
  probe(): Promise<ProbeResult>;
  close(): void;
}

/**
 * Redis first, this process's own memory always: what Redis loses with an outage is still known here.
 * `CACHE_UNAVAILABLE` is reported once per outage.
 * @param remote none: the bot runs without Redis, which is no failure
 */
export function createReplyCache(
  { clock, logger, metrics, reportError }: Surroundings,
  local: LocalReplies,
  remote: RemoteReplies | undefined,
): ReplyCache {
  const closed = new AbortController();
  let state: 'unknown' | 'present' | 'away' = 'unknown';

  const onAway = (why: unknown) => {
    if (state === 'away' || closed.signal.aborted) return;
    state = 'away';
    const reason = why instanceof Error ? why.message : String(why);
    reportError(
      new ServiceError(
        'CACHE_UNAVAILABLE',
        `Redis does not answer (${reason}); replies are kept in this process until it does.`,
        {
          subject: 'redis',
          cause: why,
        },
      ),
    );
  };
  const onPresent = () => {
    if (state === 'away') logger.info('Redis answers again');
    state = 'present';
  };
  /** An away Redis is not asked on a viewer's time; `watch` finds out when it is back. */
  const ask = async <T>(call: (there: RemoteReplies) => Promise<T>): Promise<T | undefined> => {
    if (remote === undefined || state === 'away') return undefined;
    try {
      const answer = await call(remote);
      onPresent();
      return answer;
    } catch (error) {
      onAway(error);
      return undefined;
    }
  };
  const watch = async (there: RemoteReplies) => {
    await there.open().then(onPresent, onAway);
    while (!closed.signal.aborted) {
      await clock.sleep(RECHECK_MS, closed.signal).catch(() => undefined);
      if (!closed.signal.aborted) await there.ping().then(onPresent, onAway);
    }
  };
  if (remote === undefined) logger.info('No Redis is named: replies are cached in this process only');
  else {
    remote.onConnection((connected) => {
      if (!connected && state === 'present') onAway(new Error('the connection broke'));
    });
    void watch(remote);
  }

  const decode = (value: string): StoredReply | undefined => {
    const decoded = decodeReply(value);
    if (decoded.ok) return decoded.reply;
    metrics.inc('understudy_bad_input_total', { edge: 'redis', reason: decoded.reason });
    return undefined;
  };

  return {
    async lookUp(key) {
      const value = (await ask((there) => there.get(key))) ?? local.get(key);
      const reply = value === undefined ? undefined : decode(value);
      const failed = remote !== undefined && state === 'away' && reply === undefined;
      metrics.inc('understudy_cache_requests_total', { result: reply ? 'hit' : failed ? 'error' : 'miss' });
      return reply;
    },
    store(key, reply, ttlMs) {
      const value = encodeReply(reply);
      local.set(key, value, ttlMs);
      void ask((there) => there.set(key, value, ttlMs));
    },
    async clear() {
      const cleared = local.clear();
      return { local: cleared, remote: await ask((there) => there.clear()) };
    },
    clearLocal: () => local.clear(),
    async probe() {
      if (remote === undefined) return { ok: true, detail: 'no Redis is named; the cache in this process works' };
      try {
        await remote.ping();
        onPresent();
        return { ok: true, detail: 'Redis answered a ping' };
      } catch (error) {
        return {
          ok: false,
          detail: `Redis does not answer: ${error instanceof Error ? error.message : String(error)}`,
        };
      }
    },
    close() {
      closed.abort();
      remote?.close();
    },
  };
}
