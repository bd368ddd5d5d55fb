import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServiceError, toServiceError } from '@understudy/shared/errors';
import { createFailureStreaks } from '@understudy/shared/service';
import { createFakeClock, createFakeContext } from '@understudy/shared/testing';
import { createProviderChain } from './provider-chain.ts';

const BREAKER = { consecutive_failures: 2, half_open_after_ms: 10_000, account_after_ms: 60_000 };
const failed = () => new ServiceError('SPEECH_FAILED');
const account = () => new ServiceError('SPEECH_ACCOUNT');

function setUp() {
  const clock = createFakeClock();
  const context = createFakeContext('audio-gateway', { clock });
  const rungs: string[] = [];
  const asked: string[] = [];
  const broken = new Map<string, () => Error>();
  const chain = createProviderChain(context, {
    providers: [{ name: 'first' }, { name: 'second' }],
    task: 'speech',
    breaker: BREAKER,
    streaks: createFailureStreaks(context.metrics, 'speech'),
    classify: (_provider, error) => toServiceError(error, 'SPEECH_FAILED'),
    onRung: (index, name) => void rungs.push(`${index} ${name}`),
  });
  const call = async ({ name }: { name: string }) => {
    asked.push(name);
    const failure = broken.get(name);
    if (failure) throw failure();
    return `said by ${name}`;
  };
  const run = () => {
    asked.length = 0;
    return chain.run(call);
  };
  const streaks = async () =>
    Object.fromEntries(
      [...(await context.metrics.text()).matchAll(/consecutive_failures\{peer="speech:(\w+)".*\} (\d+)/g)].map(
        ([, name, count]) => [name, Number(count)],
      ),
    );
  return { clock, context, chain, rungs, asked, broken, run, call, streaks };
}

test('failures in a row are counted from the start, by calls and probes alike, until one works', async () => {
  const { run, chain, call, broken, streaks } = setUp();
  assert.deepEqual(await streaks(), { first: 0, second: 0 });
  broken.set('first', failed);
  for (const _ of [1, 2, 3]) await run();
  assert.deepEqual(await streaks(), { first: 2, second: 0 }, 'the breaker is open: no third call was made');
  await chain.probe('first', call);
  assert.deepEqual(await streaks(), { first: 3, second: 0 });
  broken.clear();
  await chain.probe('first', call);
  assert.deepEqual(await streaks(), { first: 0, second: 0 });
});

test('the first provider answers while it works', async () => {
  const { run, asked, rungs, context } = setUp();
  assert.deepEqual(await run(), { state: 'answered', value: 'said by first', by: 'first' });
  assert.deepEqual({ asked, rungs, errors: context.errors }, { asked: ['first'], rungs: ['0 first'], errors: [] });
});

test('a failing provider is reported each time it is tried, then left out', async () => {
  const { run, asked, broken, context } = setUp();
  broken.set('first', failed);
  for (const expected of [['first', 'second'], ['first', 'second'], ['second']]) {
    assert.deepEqual(await run(), { state: 'answered', value: 'said by second', by: 'second' });
    assert.deepEqual(asked, expected);
  }
  assert.deepEqual(
    context.errors.map(({ code }) => code),
    ['SPEECH_FAILED', 'SPEECH_FAILED'],
  );
});

for (const code of ['SPEECH_ACCOUNT', 'SPEECH_OUT_OF_MEMORY'] as const) {
  test(`${code} leaves a provider out after one failure, and it is tried again after its time`, async () => {
    const { run, asked, broken, clock } = setUp();
    broken.set('first', () => new ServiceError(code));
    await run();
    await run();
    assert.deepEqual(asked, ['second']);
    await clock.advance(59_999);
    await run();
    assert.deepEqual(asked, ['second']);
    broken.clear();
    await clock.advance(1);
    await run();
    assert.deepEqual(asked, ['first']);
  });
}

test('a limited rate is respected for as long as the provider asks', async () => {
  const { run, asked, broken, clock } = setUp();
  broken.set('first', () => new ServiceError('SPEECH_FAILED', undefined, { retryAfterMs: 2000 }));
  await run();
  await run();
  assert.deepEqual(asked, ['second']);
  broken.clear();
  await clock.advance(2000);
  await run();
  assert.deepEqual(asked, ['first']);
});

test('nobody left: the result carries the newest report, also when no call is made any more', async () => {
  const { run, chain, asked, broken, context, rungs } = setUp();
  broken.set('first', account);
  broken.set('second', account);
  assert.equal(chain.isBlocked(), false);
  const first = await run();
  assert.deepEqual(first, { state: 'failed', event: context.errors[1] });
  assert.deepEqual(rungs, ['-1 none']);
  assert.equal(chain.isBlocked(), true);
  assert.deepEqual(await run(), first);
  assert.deepEqual({ asked, reported: context.errors.length }, { asked: [], reported: 2 });
});

test('a probe of a name that is not configured says that it is gone', async () => {
  const { chain, call } = setUp();
  const { ok, gone } = await chain.probe('third', call);
  assert.deepEqual({ ok, gone }, { ok: false, gone: true });
});

test('a probe passes the breaker by, reports nothing, and closes it when the provider works', async () => {
  const { run, chain, asked, broken, context, call } = setUp();
  broken.set('first', account);
  await run();
  const reported = context.errors.length;
  assert.equal((await chain.probe('first', call)).ok, false);
  broken.clear();
  assert.deepEqual(await chain.probe('first', call), { ok: true, detail: 'first works: said by first' });
  await run();
  assert.deepEqual({ asked, reported: context.errors.length }, { asked: ['first'], reported });
});

test('a probe raises the rung and never lowers it', async () => {
  const { run, chain, broken, rungs, call } = setUp();
  broken.set('first', failed);
  broken.set('second', failed);
  await run();
  broken.delete('second');
  await chain.probe('second', call);
  broken.delete('first');
  await chain.probe('first', call);
  await chain.probe('second', call);
  assert.deepEqual(rungs, ['-1 none', '1 second', '0 first']);
});

test('a call that ends with the service is no failure', async () => {
  const { chain, context, rungs, streaks } = setUp();
  const stopping = new AbortController();
  const ended = chain.run(async () => {
    stopping.abort();
    throw failed();
  }, stopping.signal);
  assert.deepEqual(await ended, { state: 'failed', event: undefined });
  assert.deepEqual({ errors: context.errors, rungs }, { errors: [], rungs: [] });
  assert.deepEqual(await streaks(), { first: 0, second: 0 });
});
