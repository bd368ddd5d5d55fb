import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FULL_CEILINGS } from '@understudy/shared/contracts';
import { type ErrorCode, ServiceError } from '@understudy/shared/errors';
import { createFakeClock, createFakeContext } from '@understudy/shared/testing';
import { createProviderBreaker } from '../providers/provider-breaker.ts';
import { createProviderChain } from '../providers/provider-chain.ts';
import { createLadderState } from './ladder-state.ts';

const YAML = `
llm:
  breaker: { consecutive_failures: 1 }
  providers:
    - { name: primary, base_url: 'http://127.0.0.1:1/v1', model: m }
    - { name: backup, base_url: 'http://127.0.0.1:2/v1', model: m }
`;

function create(out: readonly string[] = []) {
  const context = createFakeContext('llm-service', { yaml: YAML, clock: createFakeClock(Date.now()) });
  const build: Parameters<typeof createLadderState>[1] = (settings, breaker, onBreaker) =>
    createProviderChain(settings, {
      createProvider: ({ name }) => ({ name, maxTokens: 200, ask: () => assert.fail('nobody asks here') }),
      createBreaker: (onChange) =>
        createProviderBreaker(
          { consecutiveFailures: breaker.consecutive_failures, halfOpenAfterMs: 60_000 },
          Date.now,
          onChange,
        ),
      onBreaker,
      now: Date.now,
    });
  const ladder = createLadderState(context, build, { isOut: (name) => out.includes(name) });
  const fail = (name: string, code: ErrorCode) =>
    ladder
      .chain()
      .get(name)
      ?.breaker.execute(async () => Promise.reject(new ServiceError(code)))
      .catch(() => {});
  const think = () => context.observed().think;
  const breakerStates = async () =>
    Object.fromEntries(
      [...(await context.metrics.text()).matchAll(/breaker_state\{.*name="(\w+)".*\} (\d)/g)].map(([, name, value]) => [
        name,
        Number(value),
      ]),
    );
  return { context, ladder, fail, think, breakerStates };
}

describe('createLadderState', () => {
  it('begins with the first provider', () => {
    const { ladder, think } = create();
    assert.deepEqual([...ladder.chain().keys()], ['primary', 'backup']);
    assert.deepEqual(think(), { level: 'full', by: 'provider:primary' });
  });

  it('lowers what is observed as breakers open, and raises it as they close', async () => {
    const { ladder, fail, think, breakerStates } = create();
    await fail('primary', 'LLM_BAD_KEY');
    assert.deepEqual(think(), { level: 'degraded', by: 'provider:backup' });
    await fail('backup', 'LLM_TIMEOUT');
    assert.deepEqual(think(), { level: 'degraded', by: 'pattern' });
    assert.deepEqual(await breakerStates(), { primary: 3, backup: 2 });
    ladder.chain().get('backup')?.breaker.close();
    assert.deepEqual(think(), { level: 'degraded', by: 'provider:backup' });
    ladder.chain().get('primary')?.breaker.close();
    assert.deepEqual(think(), { level: 'full', by: 'provider:primary' });
    assert.deepEqual(await breakerStates(), { primary: 0, backup: 0 });
  });

  it('is scripted by patterns while all are shut, whatever the cache knew', async () => {
    const { ladder, fail, think } = create();
    ladder.answered('cache');
    await fail('primary', 'LLM_TIMEOUT');
    assert.deepEqual(think(), { level: 'degraded', by: 'cache' });
    await fail('backup', 'LLM_TIMEOUT');
    assert.deepEqual(think(), { level: 'degraded', by: 'pattern' });
    ladder.answered('cache');
    assert.deepEqual(
      [think(), ladder.thinkBy('cache')],
      [
        { level: 'degraded', by: 'pattern' },
        { level: 'degraded', by: 'pattern' },
      ],
    );
  });

  it("takes the last turn's word, and a proof for better", () => {
    const { ladder, think } = create();
    ladder.answered('cache');
    assert.deepEqual(think(), { level: 'degraded', by: 'cache' });
    ladder.proven('backup');
    assert.deepEqual(think(), { level: 'degraded', by: 'provider:backup' });
    ladder.proven('primary');
    assert.deepEqual(think(), { level: 'full', by: 'provider:primary' });
  });

  it('expects nothing of a provider that is out, though it answers a probe', async () => {
    const { ladder, fail, think } = create(['primary']);
    assert.deepEqual(think(), { level: 'degraded', by: 'provider:backup' });
    ladder.proven('primary');
    assert.deepEqual(think(), { level: 'degraded', by: 'provider:backup' });
    await fail('primary', 'LLM_TIMEOUT');
    ladder.chain().get('primary')?.breaker.close();
    assert.deepEqual(think(), { level: 'degraded', by: 'provider:backup' });
  });

  it('begins where it is told to, until auto', () => {
    const { ladder, think } = create();
    assert.deepEqual(ladder.force('provider:backup'), { ok: true, detail: 'the ladder begins at provider:backup' });
    assert.deepEqual(
      [think(), ladder.plan().rungs[0]],
      [
        { level: 'degraded', by: 'provider:backup' },
        { type: 'provider', name: 'backup', mayRetry: true },
      ],
    );
    assert.deepEqual(ladder.force('pattern'), { ok: true, detail: 'the ladder begins at pattern' });
    assert.deepEqual([think(), ladder.plan().rungs], [{ level: 'degraded', by: 'pattern' }, [{ type: 'pattern' }]]);
    assert.deepEqual(ladder.force('auto'), { ok: true, detail: 'the ladder begins at its top' });
    assert.deepEqual(think(), { level: 'full', by: 'provider:primary' });
  });

  it('says what is wrong with a rung that it does not have', () => {
    const { ladder, think } = create();
    assert.deepEqual(ladder.force('provider:other'), {
      ok: false,
      detail: 'llm.providers has no other; it has primary, backup',
    });
    assert.deepEqual(ladder.force('top'), {
      ok: false,
      detail: 'top is no rung: auto, provider:NAME, cache or pattern',
    });
    assert.deepEqual(think(), { level: 'full', by: 'provider:primary' });
  });

  it('asks no provider while the ceiling is off', () => {
    const { context, ladder } = create();
    context.setCeilings({ ...FULL_CEILINGS, think: { level: 'off', by: 'essential_mode' } });
    assert.deepEqual(ladder.plan(), { rungs: [{ type: 'pattern' }], shut: [] });
  });

  it('begins anew after a reload: what was forced was a judgement of the providers before', () => {
    for (const rung of ['cache', 'pattern', 'provider:backup']) {
      const { ladder, think } = create();
      ladder.force(rung);
      ladder.rebuild();
      assert.deepEqual([ladder.forced(), think()], ['auto', { level: 'full', by: 'provider:primary' }]);
    }
  });

  it('begins anew after a reload and forgets a forced provider that is gone', async () => {
    const { context, ladder, fail, think, breakerStates } = create();
    await fail('backup', 'LLM_QUOTA_EXHAUSTED');
    ladder.force('provider:backup');
    const old = ladder.chain();
    const config = context.config();
    context.setConfig({ ...config, llm: { ...config.llm, providers: config.llm.providers.slice(0, 1) } });
    ladder.rebuild();
    assert.deepEqual([ladder.forced(), think()], ['auto', { level: 'full', by: 'provider:primary' }]);
    // A turn of before the reload ends on the old chain.
    await old
      .get('primary')
      ?.breaker.execute(async () => Promise.reject(new ServiceError('LLM_BAD_KEY')))
      .catch(() => {});
    assert.deepEqual(await breakerStates(), { primary: 0, backup: 0 });
    assert.deepEqual(think(), { level: 'full', by: 'provider:primary' });
  });
});
