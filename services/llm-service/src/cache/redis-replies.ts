import { Redis } from 'ioredis';
import type { RemoteReplies } from './remote-replies.ts';

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2000;
const SCAN_COUNT = 200;

/**
 * Redis by `ioredis`, its traps handled (toolchain.md): nothing is queued while it is away, no command is repeated or waits longer than
 * `timeoutMs` (a hung server would keep it for ever), and an `error` event always has a listener.
 */
export function createRedisReplies(options: { url: string; prefix: string; timeoutMs: number }): RemoteReplies {
  const { url, prefix, timeoutMs } = options;
  const client = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: timeoutMs,
    // Opening is done at start and in the background, never by a viewer's turn.
    connectTimeout: Math.max(1000, timeoutMs),
    retryStrategy: (attempt) => Math.min(FIRST_RETRY_MS * 2 ** Math.min(attempt, 10), LONGEST_RETRY_MS),
  });
  const listeners: ((connected: boolean) => void)[] = [];
  const tell = (connected: boolean) => {
    for (const listener of listeners) listener(connected);
  };
  // What the error was shows in the command that fails; without a listener it would end up on the console.
  client.on('error', () => {});
  client.on('ready', () => tell(true));
  client.on('close', () => tell(false));

  return {
    open: () => client.connect(),
    get: async (key) => (await client.get(prefix + key)) ?? undefined,
    set: async (key, value, ttlMs) => void (await client.set(prefix + key, value, 'PX', ttlMs)),
    async clear() {
      let cursor = '0';
      let count = 0;
      do {
        const [next, keys] = await client.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', SCAN_COUNT);
        cursor = next;
        if (keys.length > 0) count += await client.unlink(...keys);
      } while (cursor !== '0');
      return count;
    },
    ping: async () => void (await client.ping()),
    onConnection: (listener) => void listeners.push(listener),
    close: () => client.disconnect(),
  };
}
