import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createFakeContext } from '@understudy/shared/testing';
import { compose } from '../app.ts';
import { LINE, type LiveService, lastOf, startLiveService } from '../testing/live-service.ts';

describe('what keeps a provider from being asked', () => {
  let live: LiveService;
  beforeEach(async () => {
    live = await startLiveService();
  });
  afterEach(() => live.stop());

  const giveFirst = (more: object) => {
    const [primary, backup] = live.context.config().llm.providers;
    assert.ok(primary && backup);
    live.configure({ providers: [{ ...primary, ...more }, backup] });
  };
  const answeredBy = async () => lastOf(await live.say(LINE)).by;
  const probe = async (subject?: string) =>
    (await live.parts.probes.budget?.(subject, new AbortController().signal))?.ok;

  it('a limit of requests a minute: the next one answers, and nothing is reported', async () => {
    giveFirst({ requests_per_minute: 2 });
    assert.deepEqual(
      [await answeredBy(), await answeredBy(), await answeredBy()],
      ['provider:primary', 'provider:primary', 'provider:backup'],
    );
    assert.deepEqual(live.reported(), []);
  });

  it('a spent budget: only who has no price is asked, the viewer is told why, and it is written down', async () => {
    giveFirst({ price: { input: 1, output: 1 } });
    live.configure({ budget: { tokens_per_hour: 1, warn_at: 1 } });
    assert.equal(await answeredBy(), 'provider:primary');
    assert.deepEqual(live.reported(), ['LLM_BUDGET_SPENT spent']);
    assert.deepEqual(live.think(), { level: 'degraded', by: 'provider:backup' });
    const { by, errors } = lastOf(await live.say(LINE));
    assert.deepEqual([by, errors.map(({ error_code }) => error_code)], ['provider:backup', ['LLM_BUDGET_SPENT']]);
    assert.deepEqual([await probe('spent'), await probe()], [false, true]);
    const kept = JSON.parse(readFileSync(join(live.context.dataFolder, 'spent.json'), 'utf8'));
    // By the simulator's own count: it says `usage` when it is asked to.
    assert.ok(kept.minutes[0].tokens > 50 && kept.minutes[0].tokens < 500, JSON.stringify(kept));
    live.configure({ budget: { tokens_per_hour: 1_000_000, warn_at: 1 } });
    assert.deepEqual([await probe('spent'), await answeredBy()], [true, 'provider:primary']);
    live.configure({ budget: { tokens_per_hour: 1, warn_at: 1 } });
    assert.deepEqual(live.think(), { level: 'degraded', by: 'provider:backup' });
    const after = lastOf(await live.say(LINE));
    assert.deepEqual(
      [after.by, after.errors.map(({ error_code }) => error_code)],
      ['provider:backup', ['LLM_BUDGET_SPENT']],
    );
  });

  it('a budget that was spent before a restart: nobody is asked once more', async (t) => {
    const yaml = `llm: { budget: { tokens_per_hour: 5 }, providers: [{ name: primary, base_url: '${live.peer.baseUrl('primary')}', model: simulated }] }`;
    const context = createFakeContext('llm-service', { yaml });
    const minutes = [{ minute: Math.floor(Date.now() / 60_000), tokens: 10, cost: 0 }];
    writeFileSync(join(context.dataFolder, 'spent.json'), JSON.stringify({ minutes }));
    const service = await compose(context);
    t.after(async () => {
      context.abort();
      await service.stop();
    });
    assert.deepEqual(
      [context.errors.map(({ code }) => code), context.observed().think],
      [['LLM_BUDGET_SPENT'], { level: 'degraded', by: 'pattern' }],
    );
  });

  it('a spent budget of tokens where nobody has a price: nobody is asked, and the patterns answer', async () => {
    live.configure({ budget: { tokens_per_hour: 1, warn_at: 1 } });
    assert.equal(await answeredBy(), 'provider:primary');
    assert.deepEqual(live.reported(), ['LLM_BUDGET_SPENT spent']);
    const { by, errors } = lastOf(await live.say('Is anybody there, my friend?'));
    assert.deepEqual([by, errors.map(({ error_code }) => error_code)], ['pattern', ['LLM_BUDGET_SPENT']]);
    assert.deepEqual([live.think(), await probe()], [{ level: 'degraded', by: 'pattern' }, false]);
    live.configure({ budget: { tokens_per_hour: 1_000_000, warn_at: 1 } });
    assert.equal(await answeredBy(), 'provider:primary');
  });
});
