import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createFakeContext, type FakeContext } from '@understudy/shared/testing';
import { createRedisServer } from '../testing/redis-server.ts';
import { createLocalReplies } from './local-replies.ts';
import { createRedisReplies } from './redis-replies.ts';
import { createReplyCache, type ReplyCache } from './reply-cache.ts';

const PREFIX = 'understudy:test:reply:';
const REPLY = { text: 'Hi.', by: 'provider:primary' };
const HOUR_MS = 3_600_000;

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await holds())) {
    assert.ok(Date.now() < end, 'it did not come about within 30 s');
    await delay(20);
  }
}

describe('the reply cache on a real Redis', () => {
  let redis: Awaited<ReturnType<typeof createRedisServer>>;
  let context: FakeContext<'llm-service'>;
  const open: ReplyCache[] = [];

  /**
   * A cache of a process of its own: what it finds without having stored it comes from Redis.
   * @param timeoutMs one that a loaded machine keeps, unless silence is the subject
   */
  const create = (of = context, timeoutMs = 20_000) => {
    const remote = createRedisReplies({ url: redis.url, prefix: PREFIX, timeoutMs });
    const cache = createReplyCache(
      of,
      createLocalReplies(Date.now, () => 9),
      remote,
    );
    open.push(cache);
    return cache;
  };
  const isUp = async (cache: ReplyCache) => (await cache.probe()).ok;
  const codes = () => context.errors.map(({ code }) => code);

  beforeEach(async () => {
    redis = await createRedisServer();
    context = createFakeContext('llm-service');
  });
  afterEach(async () => {
    for (const cache of open.splice(0)) cache.close();
    redis.thaw();
    await redis.remove();
  });

  it('keeps replies beyond the process, for their time', async () => {
    await redis.start();
    const first = create();
    await until(() => isUp(first));
    first.store('k', REPLY, HOUR_MS);
    first.store('short', REPLY, 1);
    const second = create();
    await until(() => isUp(second));
    await until(async () => (await second.lookUp('k')) !== undefined);
    assert.deepEqual(await second.lookUp('k'), REPLY);
    await until(async () => (await second.lookUp('short')) === undefined);
    assert.deepEqual(await second.clear(), { local: 0, remote: 1 });
    assert.deepEqual([await second.lookUp('k'), codes()], [undefined, []]);
  });

  it('works without Redis from the start, and with it as soon as it comes', async () => {
    const cache = create();
    await until(() => codes().length > 0);
    cache.store('k', REPLY, HOUR_MS);
    assert.deepEqual(await cache.lookUp('k'), REPLY);
    assert.equal(await isUp(cache), false);
    await redis.start();
    await until(() => isUp(cache));
    assert.deepEqual(codes(), ['CACHE_UNAVAILABLE']);
  });

  it('answers from its own memory when Redis is killed, and finds it again', async () => {
    await redis.start();
    const cache = create();
    await until(() => isUp(cache));
    cache.store('k', REPLY, HOUR_MS);
    await redis.kill();
    await until(() => codes().length > 0);
    assert.deepEqual(await cache.lookUp('k'), REPLY);
    await redis.start();
    await until(() => isUp(cache));
    cache.store('k2', REPLY, HOUR_MS);
    const other = create(createFakeContext('llm-service'));
    await until(async () => (await other.lookUp('k2')) !== undefined);
    assert.deepEqual(codes(), ['CACHE_UNAVAILABLE']);
  });

  it('does not hang with a Redis that hangs', async () => {
    await redis.start();
    const cache = create(context, 1500);
    await until(() => isUp(cache));
    cache.store('k', REPLY, HOUR_MS);
    redis.freeze();
    assert.deepEqual(await cache.lookUp('k'), REPLY);
    assert.deepEqual(codes(), ['CACHE_UNAVAILABLE']);
    assert.equal(await isUp(cache), false);
    redis.thaw();
    await until(() => isUp(cache));
    assert.deepEqual(codes(), ['CACHE_UNAVAILABLE']);
  });
});
