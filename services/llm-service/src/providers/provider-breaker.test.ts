import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { type ErrorCode, ServiceError } from '@understudy/shared/errors';
import { isBrokenCircuitError, isIsolatedCircuitError } from 'cockatiel';
import { type BreakerState, createProviderBreaker } from './provider-breaker.ts';

const create = () => {
  const changes: BreakerState[] = [];
  const limits = { consecutiveFailures: 2, halfOpenAfterMs: 10_000 };
  const breaker = createProviderBreaker(limits, Date.now, (state) => changes.push(state));
  const fail = (code: ErrorCode, retryAfterMs?: number) =>
    assert.rejects(
      breaker.execute(async () => {
        throw new ServiceError(code, undefined, retryAfterMs === undefined ? {} : { retryAfterMs });
      }),
    );
  const succeed = () => breaker.execute(async () => 'ok');
  return { breaker, changes, fail, succeed };
};

describe('createProviderBreaker', () => {
  // cockatiel reads the time by itself.
  beforeEach(() => mock.timers.enable({ apis: ['Date'], now: 1_000_000 }));
  afterEach(() => mock.timers.reset());

  it('opens after failures in a row, lets one call through later and closes by it', async () => {
    const { breaker, changes, fail, succeed } = create();
    await fail('LLM_TIMEOUT');
    await succeed();
    await fail('LLM_TIMEOUT');
    assert.equal(breaker.state(), 'closed');
    await fail('LLM_STALLED');
    assert.deepEqual([breaker.state(), breaker.admits()], ['open', false]);
    await assert.rejects(succeed(), isBrokenCircuitError);
    mock.timers.tick(10_000);
    assert.equal(breaker.admits(), true);
    await succeed();
    assert.deepEqual([breaker.state(), breaker.admits()], ['closed', true]);
    assert.deepEqual(changes, ['open', 'halfOpen', 'closed']);
  });

  it('opens again when the one call fails', async () => {
    const { breaker, changes, fail } = create();
    await fail('LLM_TIMEOUT');
    await fail('LLM_TIMEOUT');
    mock.timers.tick(10_000);
    await fail('LLM_TIMEOUT');
    assert.deepEqual([breaker.state(), breaker.admits()], ['open', false]);
    assert.deepEqual(changes, ['open', 'halfOpen', 'open']);
  });

  it('does not let a second call wait for the one of the half-open state', async () => {
    const { breaker, fail } = create();
    await fail('LLM_TIMEOUT');
    await fail('LLM_TIMEOUT');
    mock.timers.tick(10_000);
    const gate = Promise.withResolvers<void>();
    const first = breaker.execute(() => gate.promise);
    assert.deepEqual([breaker.state(), breaker.admits()], ['halfOpen', false]);
    gate.resolve();
    await first;
    assert.equal(breaker.admits(), true);
  });

  it('is not closed by a call that was given up before it showed anything', async () => {
    const { breaker, changes, fail } = create();
    await fail('LLM_TIMEOUT');
    await fail('LLM_TIMEOUT');
    mock.timers.tick(10_000);
    const givenUp = new DOMException('gone', 'AbortError');
    await assert.rejects(
      breaker.execute(async () => Promise.reject(givenUp)),
      (error) => error === givenUp,
    );
    assert.deepEqual([breaker.state(), changes], ['open', ['open', 'halfOpen', 'open']]);
  });

  it('opens at once whatever other call begins at that moment', async () => {
    for (let later = 0; later < 12; later += 1) {
      const { breaker, fail } = create();
      const failing = fail('LLM_RATE_LIMITED', 60_000);
      for (let turn = 0; turn < later; turn += 1) await Promise.resolve();
      await breaker.execute(async () => 'ok').catch(() => {});
      await failing;
      assert.equal(breaker.state(), 'open', `${later}`);
    }
  });

  it('opens at once, for as long as the provider asks', async () => {
    const { breaker, fail, succeed } = create();
    await fail('LLM_RATE_LIMITED', 60_000);
    mock.timers.tick(59_999);
    assert.deepEqual([breaker.state(), breaker.admits()], ['open', false]);
    mock.timers.tick(1);
    assert.equal(breaker.admits(), true);
    await succeed();
    await fail('LLM_TIMEOUT');
    assert.equal(breaker.state(), 'closed', 'that was another time');
  });

  for (const code of ['LLM_QUOTA_EXHAUSTED', 'LLM_BAD_KEY', 'LLM_UNKNOWN_MODEL', 'LLM_OUT_OF_MEMORY'] as const) {
    it(`stays shut by ${code}, until the provider has been seen to answer`, async () => {
      const { breaker, changes, fail, succeed } = create();
      await fail(code);
      mock.timers.tick(86_400_000);
      assert.deepEqual([breaker.state(), breaker.admits()], ['isolated', false]);
      await assert.rejects(succeed(), isIsolatedCircuitError);
      breaker.close();
      assert.equal(await succeed(), 'ok');
      assert.deepEqual(changes, ['isolated', 'closed']);
    });
  }

  it('does not hold a refusal or a long conversation against the provider, nor a caller who gave up', async () => {
    const { breaker, fail } = create();
    for (let i = 0; i < 5; i += 1) {
      await fail('LLM_REFUSAL');
      await fail('LLM_CONTEXT_TOO_LONG');
      await assert.rejects(breaker.execute(async () => Promise.reject(new DOMException('gone', 'AbortError'))));
    }
    assert.equal(breaker.state(), 'closed');
  });

  it('counts from anew after it was closed by a proof', async () => {
    const { breaker, fail } = create();
    await fail('LLM_TIMEOUT');
    await fail('LLM_TIMEOUT');
    breaker.close();
    await fail('LLM_TIMEOUT');
    assert.equal(breaker.state(), 'closed');
    await fail('LLM_TIMEOUT');
    assert.equal(breaker.state(), 'open');
  });

  it('hears nothing more from a call that began before it was closed', async () => {
    const { breaker, changes, fail } = create();
    await fail('LLM_TIMEOUT');
    await fail('LLM_TIMEOUT');
    mock.timers.tick(10_000);
    const gate = Promise.withResolvers<never>();
    const old = breaker.execute(() => gate.promise);
    breaker.close();
    gate.reject(new ServiceError('LLM_TIMEOUT'));
    await assert.rejects(old);
    assert.deepEqual([breaker.state(), changes], ['closed', ['open', 'halfOpen', 'closed']]);
  });
});
