import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { FULL_CEILINGS } from '@understudy/shared/contracts';
import { LINE, type LiveService, lastOf, startLiveService } from './testing/live-service.ts';
import { createRedisServer } from './testing/redis-server.ts';

describe('the llm-service, told by the supervisor', () => {
  let live: LiveService;
  beforeEach(async () => {
    live = await startLiveService();
  });
  afterEach(() => live.stop());

  it('does what the supervisor asks', async () => {
    const signal = AbortSignal.timeout(60_000);
    await live.say(LINE);
    assert.deepEqual(await live.parts.commands['force-rung']({ rung: 'cache' }, signal), {
      ok: true,
      detail: 'the ladder begins at cache',
    });
    assert.equal(lastOf(await live.say(LINE)).source, 'cache');
    assert.deepEqual(await live.parts.commands['clear-cache']({}, signal), {
      ok: true,
      detail: 'forgot 1 replies here and none in Redis',
      data: { local: 1 },
    });
    assert.equal(lastOf(await live.say(LINE)).source, 'pattern');
    await live.parts.commands['force-rung']({ rung: 'auto' }, signal);
    assert.equal(lastOf(await live.say(LINE)).by, 'provider:primary');
    assert.equal(await live.parts.shed?.('caches'), 'forgot 1 replies and 0 idle conversations');
    assert.equal(await live.parts.shed?.('features'), 'no scene in the prompt, two turns of memory');
    await live.parts.restore?.();
    await live.parts.safeMoment?.(signal);
    assert.deepEqual(await live.parts.probes.cache?.(undefined, signal), {
      ok: true,
      detail: 'no Redis is named; the cache in this process works',
    });
  });

  it('forgets what was forced for a provider that a reload has just renamed', async () => {
    const signal = AbortSignal.timeout(60_000);
    const [primary, backup] = live.context.config().llm.providers;
    assert.ok(primary && backup);
    live.configure({ providers: [{ ...primary, name: 'renamed' }, backup] });
    // Sent before the reload, on the word of a provider of then.
    await live.parts.commands['force-rung']({ rung: 'pattern' }, signal);
    assert.equal(lastOf(await live.say(LINE)).source, 'pattern');
    assert.equal((await live.parts.probes['provider-answers']?.('primary', signal))?.gone, true);
    assert.deepEqual(live.think(), { level: 'full', by: 'provider:renamed' });
  });

  it('does not think while the ceiling is off', async () => {
    live.context.setCeilings({ ...FULL_CEILINGS, think: { level: 'off', by: 'essential_mode' } });
    assert.equal(lastOf(await live.say(LINE)).source, 'pattern');
    assert.equal(live.peer.state().requests.length, 0);
  });

  it('takes a new key and new providers at a reload', async () => {
    live.peer.applyFault('llm_bad_key', 'primary');
    await live.say(LINE);
    assert.deepEqual(live.think(), { level: 'degraded', by: 'provider:backup' });
    live.peer.clearFaults();
    live.configure({ providers: live.context.config().llm.providers.toReversed() });
    assert.equal(lastOf(await live.say(LINE)).by, 'provider:backup');
    assert.deepEqual(live.think(), { level: 'full', by: 'provider:backup' });
  });

  it('shuts out a provider that needs the operator, until a probe proves it well', async () => {
    live.peer.applyFault('llm_quota_exhausted', 'primary');
    await live.say(LINE);
    await live.say(LINE);
    assert.deepEqual(live.reported(), ['LLM_QUOTA_EXHAUSTED primary']);
    const probe = live.parts.probes['provider-answers'];
    const signal = AbortSignal.timeout(60_000);
    const ill = await probe?.('primary', signal);
    assert.equal(ill?.ok, false);
    assert.match(ill?.detail ?? '', /^primary: Provider primary .* 429 insufficient_quota\. Add credit/);
    live.peer.clearFaults();
    assert.equal((await probe?.('primary', signal))?.ok, true);
    assert.deepEqual(live.think(), { level: 'full', by: 'provider:primary' });
    assert.equal(lastOf(await live.say(LINE)).by, 'provider:primary');
  });
});

describe('the llm-service on a real Redis', () => {
  it('repeats after a restart what it said before', async (t) => {
    const redis = await createRedisServer();
    process.env['UNDERSTUDY_REDIS_URL'] = redis.url;
    t.after(async () => {
      delete process.env['UNDERSTUDY_REDIS_URL'];
      await redis.remove();
    });
    await redis.start();
    const oneLife = async (fault?: 'llm_overloaded') => {
      const live = await startLiveService();
      const isCacheUp = async () => (await live.parts.probes.cache?.(undefined, AbortSignal.timeout(30_000)))?.ok;
      while (!(await isCacheUp())) await delay(20);
      if (fault) live.peer.applyFault(fault);
      const { source } = lastOf(await live.say(LINE));
      // A turn does not wait for the storing; the probe behind it on the same connection does.
      await isCacheUp();
      await live.stop();
      return source;
    };
    assert.deepEqual([await oneLife(), await oneLife('llm_overloaded')], ['provider', 'cache']);
  });
});
