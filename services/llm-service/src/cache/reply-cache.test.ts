import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock, createFakeContext } from '@understudy/shared/testing';
import { createLocalReplies } from './local-replies.ts';
import type { RemoteReplies } from './remote-replies.ts';
import { createReplyCache } from './reply-cache.ts';

/** A Redis that is there or not, as the test says. */
function createRemote() {
  const entries = new Map<string, string>();
  let tell: (connected: boolean) => void = () => {};
  const remote = { isThere: true, calls: 0 };
  const ifThere = async <T>(value: () => T): Promise<T> => {
    remote.calls += 1;
    if (!remote.isThere) throw new Error('Command timed out');
    return value();
  };
  const port: RemoteReplies = {
    open: () => ifThere(() => undefined),
    get: (key) => ifThere(() => entries.get(key)),
    set: (key, value) => ifThere(() => void entries.set(key, value)),
    clear: () => ifThere(() => entries.size),
    ping: () => ifThere(() => undefined),
    onConnection: (listener) => {
      tell = listener;
    },
    close: () => {},
  };
  return { remote, port, entries, disconnect: () => tell(false) };
}

const REPLY = { text: 'Hi.', by: 'provider:primary' };

const create = async (withRemote = true) => {
  const clock = createFakeClock();
  const context = createFakeContext('llm-service', { clock });
  const redis = createRemote();
  const local = createLocalReplies(clock.now, () => 9);
  const cache = createReplyCache(context, local, withRemote ? redis.port : undefined);
  await clock.advance(0);
  const requests = async () =>
    Object.fromEntries(
      [...(await context.metrics.text()).matchAll(/cache_requests_total\{.*?result="(\w+)".*?\} (\d+)/g)].map(
        ([, result, count]) => [result, Number(count)],
      ),
    );
  return { clock, context, cache, local, requests, ...redis };
};

describe('createReplyCache', () => {
  it('stores in Redis and here, and finds it again', async () => {
    const { cache, entries, local, requests } = await create();
    cache.store('k', REPLY, 1000);
    assert.deepEqual(await cache.lookUp('k'), REPLY);
    assert.equal(await cache.lookUp('other'), undefined);
    assert.deepEqual([entries.size, local.size()], [1, 1]);
    assert.deepEqual(await requests(), { hit: 1, miss: 1, error: 0 });
  });

  it('stands in for a Redis that is away, says so once an outage, and finds out when it is back', async () => {
    const { cache, clock, context, remote, requests } = await create();
    cache.store('k', REPLY, 60_000);
    remote.isThere = false;
    assert.deepEqual(await cache.lookUp('k'), REPLY);
    assert.equal(await cache.lookUp('other'), undefined);
    cache.store('k2', REPLY, 60_000);
    await clock.advance(10_000);
    assert.deepEqual(
      context.errors.map(({ code, subject, message }) => ({ code, subject, message })),
      [
        {
          code: 'CACHE_UNAVAILABLE',
          subject: 'redis',
          message: 'Redis does not answer (Command timed out); replies are kept in this process until it does.',
        },
      ],
    );
    remote.isThere = true;
    await clock.advance(2000);
    remote.isThere = false;
    assert.equal(await cache.lookUp('nothing'), undefined);
    assert.equal(context.errors.length, 2);
    assert.deepEqual(await requests(), { hit: 1, miss: 0, error: 2 });
  });

  it('does not spend a viewer’s time on a Redis that is known to be away', async () => {
    const { cache, remote } = await create();
    remote.isThere = false;
    await cache.lookUp('k');
    const { calls } = remote;
    await cache.lookUp('k');
    cache.store('k', REPLY, 1000);
    assert.equal(remote.calls, calls);
  });

  it('reports a connection that breaks, and none while it closes by itself', async () => {
    const { cache, context, disconnect } = await create();
    disconnect();
    disconnect();
    assert.deepEqual(
      context.errors.map(({ code }) => code),
      ['CACHE_UNAVAILABLE'],
    );
    const other = await create();
    other.cache.close();
    other.disconnect();
    assert.deepEqual(other.context.errors, []);
    cache.close();
  });

  it('proves that Redis answers now', async () => {
    const { cache, remote } = await create();
    assert.deepEqual(await cache.probe(), { ok: true, detail: 'Redis answered a ping' });
    remote.isThere = false;
    assert.deepEqual(await cache.probe(), { ok: false, detail: 'Redis does not answer: Command timed out' });
  });

  it('does without Redis where none is named', async () => {
    const { cache, context } = await create(false);
    cache.store('k', REPLY, 1000);
    assert.deepEqual(await cache.lookUp('k'), REPLY);
    assert.deepEqual(await cache.probe(), { ok: true, detail: 'no Redis is named; the cache in this process works' });
    assert.deepEqual(await cache.clear(), { local: 1, remote: undefined });
    assert.deepEqual(context.errors, []);
  });

  it('counts and passes over what is no reply', async () => {
    const { cache, context, entries } = await create();
    entries.set('k', '{"text":7}');
    assert.equal(await cache.lookUp('k'), undefined);
    assert.match(await context.metrics.text(), /bad_input_total\{.*edge="redis",reason="schema".*\} 1/);
  });
});
