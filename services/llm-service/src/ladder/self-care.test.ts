import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock, createFakeContext } from '@understudy/shared/testing';
import type { BreakerState } from '../providers/provider-breaker.ts';
import type { ForcedRung, RungName } from './rungs.ts';
import { createSelfCare } from './self-care.ts';

function create(present: RungName, begin: { forced?: ForcedRung; isShut?: boolean; out?: string } = {}) {
  const clock = createFakeClock();
  const base = createFakeContext('llm-service', { clock });
  let supervised = false;
  let forced = begin.forced ?? 'pattern';
  const context = { ...base, isSupervised: () => supervised };
  const link = (state: BreakerState) => ({ breaker: { state: () => state } });
  const ladder = {
    chain: () =>
      new Map([
        ['a', link('closed')],
        ['b', link('closed')],
        ['c', link(begin.isShut === false ? 'closed' : 'isolated')],
      ]),
    present: () => present,
    isOut: (name: string) => name === begin.out,
    forced: () => forced,
    force: (rung: ForcedRung) => {
      forced = rung;
      return { ok: true, detail: '' };
    },
  };
  const asked: string[] = [];
  const prove = async (name: string | undefined) => {
    asked.push(name ?? '');
    return { ok: false, detail: 'no' };
  };
  const setSupervised = (value: boolean) => {
    supervised = value;
  };
  const care = createSelfCare(context, ladder, prove);
  return {
    care,
    asked,
    clock,
    errors: base.errors,
    forced: () => forced,
    setSupervised,
  };
}

const codes = (errors: readonly { code: string }[]) => errors.map(({ code }) => code);

describe('createSelfCare', () => {
  it('does nothing while the supervisor is there', async () => {
    const { care, asked, errors, setSupervised, forced } = create('pattern');
    setSupervised(true);
    await care.round(AbortSignal.timeout(60_000));
    assert.deepEqual([asked, codes(errors), forced()], [[], [], 'pattern']);
  });

  it('asks whoever is better than the present rung, and whoever is shut', async () => {
    const { care, asked } = create('provider:b');
    await care.round(AbortSignal.timeout(60_000));
    assert.deepEqual(asked, ['a', 'c']);
  });

  it('asks all while it lives on patterns, and ends a forced rung', async () => {
    const { care, asked, forced } = create('pattern');
    await care.round(AbortSignal.timeout(60_000));
    assert.deepEqual([asked, forced()], [['a', 'b', 'c'], 'auto']);
  });

  it('does not ask whoever is out: its answer would change nothing, and may cost', async () => {
    const { care, asked } = create('pattern', { out: 'a' });
    await care.round(AbortSignal.timeout(60_000));
    assert.deepEqual(asked, ['b', 'c']);
  });

  it('says once that it was alone, when it no longer is', async () => {
    const { care, errors, setSupervised } = create('pattern');
    const signal = AbortSignal.timeout(60_000);
    await care.round(signal);
    await care.round(signal);
    assert.deepEqual(codes(errors), []);
    setSupervised(true);
    await care.round(signal);
    await care.round(signal);
    assert.deepEqual(codes(errors), ['SUPERVISOR_SILENT']);
  });

  it('says nothing of a silence in which there was nothing to do', async () => {
    const { care, asked, errors, setSupervised } = create('provider:a', { forced: 'auto', isShut: false });
    const signal = AbortSignal.timeout(60_000);
    await care.round(signal);
    setSupervised(true);
    await care.round(signal);
    assert.deepEqual([asked, codes(errors)], [[], []]);
  });

  it('makes its rounds until it is stopped', async () => {
    const { care, asked, clock } = create('provider:a');
    const stopped = new AbortController();
    const running = care.run(stopped.signal);
    await clock.advance(29_999);
    assert.deepEqual(asked, []);
    await clock.advance(30_001);
    assert.deepEqual(asked, ['c', 'c']);
    stopped.abort();
    await running;
    assert.equal(clock.sleepers(), 0);
  });
});
