import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock, createFakeContext } from '@understudy/shared/testing';
import { createBudget } from './budget.ts';
import type { SpentFile, SpentMinute } from './spent-file.ts';

const YAML = `
llm:
  budget: { tokens_per_hour: 10000, cost_per_hour: 1, warn_at: 0.8 }
  providers:
    - { name: paid, base_url: 'http://127.0.0.1:1/v1', model: m, price: { input: 10, output: 100 } }
    - { name: own, base_url: 'http://127.0.0.1:2/v1', model: m }
`;

function create(yaml = YAML, kept: SpentMinute[] = []) {
  const clock = createFakeClock();
  const context = createFakeContext('llm-service', { yaml, clock });
  const out: string[] = [];
  let minutes: readonly SpentMinute[] = kept;
  const file: SpentFile = {
    read: () => minutes,
    write(next) {
      minutes = next;
    },
  };
  const budget = createBudget(context, file, (names, { code }) => void out.push(`${code}: ${names.join()}`));
  const spend = (name: string, input: number, output: number) => {
    const provider = context.config().llm.providers.find((one) => one.name === name);
    assert.ok(provider);
    budget.spend(provider, { input, output, estimatedInput: input, isEstimate: false });
  };
  const told = () => context.errors.map(({ code, subject }) => `${code} ${subject}`);
  return { budget, clock, context, out, spend, told, kept: () => [...minutes] };
}
const probes = ({ budget }: ReturnType<typeof create>) =>
  ['spent', 'forecast', undefined].map((subject) => budget.probe(subject).ok);

describe('createBudget', () => {
  it('counts tokens and money of each provider', async () => {
    const { spend, context } = create();
    spend('paid', 1000, 200);
    spend('own', 50, 5);
    const text = await context.metrics.text();
    for (const line of [
      /understudy_llm_tokens_total\{.*provider="paid",kind="input".*\} 1000/,
      /understudy_llm_tokens_total\{.*provider="paid",kind="output".*\} 200/,
      /understudy_llm_tokens_total\{.*provider="own",kind="input".*\} 50/,
      /understudy_llm_cost_total\{.*provider="paid".*\} 0\.03/,
      /understudy_llm_budget_used_ratio(\{.*\})? 0\.12/,
    ])
      assert.match(text, line);
    assert.doesNotMatch(text, /llm_cost_total\{.*provider="own"/);
  });

  it('tells the forecast once an hour, and proves it over when the pace is slower', async () => {
    const made = create();
    made.spend('paid', 1000, 0);
    assert.deepEqual([made.told(), probes(made)], [[], [true, true, true]]);
    made.spend('paid', 400, 0);
    made.spend('paid', 400, 0);
    assert.deepEqual([made.told(), probes(made)], [['LLM_BUDGET_FORECAST forecast'], [true, false, true]]);
    await made.clock.advance(11 * 60_000);
    assert.deepEqual(probes(made), [true, true, true]);
  });

  it('shuts out whoever has a price, until a tenth is free again', async () => {
    const made = create();
    made.spend('paid', 500, 0);
    await made.clock.advance(30 * 60_000);
    made.spend('paid', 9000, 600);
    assert.deepEqual(made.out, ['LLM_BUDGET_SPENT: paid']);
    assert.deepEqual(
      [made.budget.isOut('paid'), made.budget.isOut('own'), probes(made)],
      [true, false, [false, false, true]],
    );
    await made.clock.advance(31 * 60_000);
    assert.equal(made.budget.isOut('paid'), true, 'only a twentieth is free');
    await made.clock.advance(30 * 60_000);
    assert.deepEqual([made.budget.isOut('paid'), probes(made)], [false, [true, true, true]]);
    assert.deepEqual(made.told(), ['LLM_BUDGET_SPENT spent']);
  });

  it('is spent by money too', () => {
    const { spend, out } = create();
    spend('paid', 0, 9999);
    assert.deepEqual(out, []);
    spend('paid', 0, 1);
    assert.deepEqual(out, ['LLM_BUDGET_SPENT: paid']);
  });

  it('shuts out all where none has a price: a limit of tokens needs no price', async () => {
    const made = create(YAML.replace(/, price: {.*?}|cost_per_hour: 1, /g, ''));
    made.spend('paid', 4000, 0);
    made.spend('own', 5999, 0);
    assert.deepEqual([made.out, made.budget.isOut('own')], [[], false]);
    made.spend('own', 1, 0);
    assert.deepEqual(made.out, ['LLM_BUDGET_SPENT: paid,own']);
    assert.deepEqual(
      [made.budget.isOut('paid'), made.budget.isOut('own'), probes(made)],
      [true, true, [false, false, false]],
    );
    await made.clock.advance(61 * 60_000);
    assert.deepEqual([made.budget.isOut('own'), probes(made)], [false, [true, true, true]]);
  });

  it('survives a restart', () => {
    const first = create();
    first.spend('paid', 6000, 0);
    const second = create(YAML, first.kept());
    second.spend('paid', 4000, 0);
    assert.deepEqual(second.out, ['LLM_BUDGET_SPENT: paid']);
  });

  it('holds a limit that was lowered below what is spent against it, before anybody is asked', async () => {
    const made = create();
    made.spend('paid', 6000, 0);
    const config = made.context.config();
    const limit = (tokens_per_hour: number) => {
      made.context.setConfig({ ...config, llm: { ...config.llm, budget: { tokens_per_hour, warn_at: 1 } } });
      made.budget.begin();
    };
    limit(5000);
    assert.deepEqual([made.budget.isOut('paid'), made.out], [true, ['LLM_BUDGET_SPENT: paid']]);
    limit(4000);
    assert.equal(made.out.length, 2, 'the providers are new: they are told again why they are out');
    limit(100_000);
    assert.deepEqual([made.budget.isOut('paid'), made.out.length, probes(made)], [false, 2, [true, true, true]]);
    assert.match(await made.context.metrics.text(), /llm_budget_used_ratio(\{.*\})? 0\.06/);
  });

  it('is known to be spent at once after a restart', () => {
    const first = create();
    first.spend('paid', 10_000, 0);
    const second = create(YAML, first.kept());
    second.budget.begin();
    assert.deepEqual([second.budget.isOut('paid'), second.out], [true, ['LLM_BUDGET_SPENT: paid']]);
  });

  it('does not count for ever what was spent while the clock was wrong', () => {
    const minute = Math.floor(Date.UTC(2036, 0, 1) / 60_000);
    const { budget, spend, kept } = create(YAML, [{ minute, tokens: 20_000, cost: 0 }]);
    assert.equal(budget.isOut('paid'), false);
    spend('paid', 10, 0);
    assert.deepEqual(
      kept().map(({ tokens }) => tokens),
      [10],
    );
  });

  it('shows what is used as the hour passes, also while nobody is asked', async () => {
    const made = create();
    made.spend('paid', 10_000, 0);
    await made.clock.advance(61 * 60_000);
    made.budget.probe('spent');
    assert.match(await made.context.metrics.text(), /llm_budget_used_ratio(\{.*\})? 0\n/);
  });

  it('does not let a provider without a price use it up', () => {
    const { spend, out } = create();
    spend('own', 1_000_000, 0);
    assert.deepEqual(out, []);
  });

  it('has no limit unless one is set, and writes nothing then', () => {
    const { spend, told, kept } = create(YAML.replace(/budget: .*\n/, 'memory_turns: 3\n'));
    spend('paid', 1e9, 1e9);
    assert.deepEqual([told(), kept()], [[], []]);
  });
});
