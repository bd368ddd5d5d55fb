export interface RedisMemory {
  readonly usedBytes: number;
  /** 0: unlimited. */
  readonly limitBytes: number;
}

export interface RedisMemoryReader {
  /** Rejects when Redis does not answer within a second. */
  read(): Promise<RedisMemory>;
  close(): void;
}

const LIMIT_MS = 1000;

/** @throws Error when the two lines are not there */
export function parseMemory(info: string): RedisMemory {
  const field = (name: string): number => {
    const value = new RegExp(`^${name}:(\\d+)\\r?$`, 'm').exec(info)?.[1];
    if (value === undefined) throw new Error(`Redis' INFO memory has no ${name}`);
    return Number(value);
  };
  return { usedBytes: field('used_memory'), limitBytes: field('maxmemory') };
}

/** `INFO memory` by a connection of its own, opened with the first question and again by itself. */
export function createRedisMemoryReader(url: string): RedisMemoryReader {
  let closed = false;
  const open = async () => {
    // A start without Redis does not pay for the client.
    const { Redis } = await import('ioredis');
    const client = new Redis(url, {
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: LIMIT_MS,
      connectTimeout: LIMIT_MS,
      retryStrategy: () => LIMIT_MS,
    });
    // What the error was shows in the command that fails; without a listener it would end up on the console.
    client.on('error', () => {});
    if (closed) client.disconnect();
    else await client.connect().catch(() => undefined);
    return client;
  };
  let client: ReturnType<typeof open> | undefined;
  return {
    async read() {
      client ??= open();
      return parseMemory(await (await client).info('memory'));
    },
    close() {
      closed = true;
      void client?.then((opened) => opened.disconnect());
    },
  };
}
