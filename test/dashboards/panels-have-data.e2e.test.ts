import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SERVICE_NAMES } from '@understudy/shared/contracts';
import { waitFor } from '@understudy/shared/testing';
import { type Stack, startStack } from '../e2e/stack.ts';
import { createLogPipeline } from '../log-shipping/log-pipeline.ts';
import { findProgram, whyNot } from '../programs/find-program.ts';
import { hasData, hasLines, panelQuestions } from './panel-questions.ts';
import { playDemo } from './play-demo.ts';
import { type Prometheus, startPrometheus } from './prometheus.ts';

/** What fires first here is a target of monitoring that is away for 2 min. */
const LIMIT_MS = 200_000;

/** Queries that have nothing to show after this demo, and why. */
const WITHOUT_DATA: readonly { readonly why: string; readonly where: RegExp }[] = [
  { why: 'no exporter of the PC runs here', where: /: "The game's PC" / },
  { why: 'Fluent Bit has a test of its own', where: /"Log lines on their way"|"Log lines lost"/ },
  {
    why: 'every message arrives',
    where: /"Messages of Alertmanager" B/,
  },
  { why: 'no alert asks for an action', where: /"Actions that alerts asked for"/ },
  { why: 'simulated providers have no price', where: /"Spent"/ },
  { why: 'simulated ears and eyes use no model', where: /"How long a sense takes" [AC]/ },
];

const lokiProgram = findProgram('loki');
const fluentBitProgram = findProgram('fluent-bit');
const prometheusProgram = findProgram('prometheus');
const alertmanagerProgram = findProgram('alertmanager');

describe('the dashboards after a demo with faults', { skip: whyNot([prometheusProgram, alertmanagerProgram]) }, () => {
  let stack: Stack;
  let prometheus: Prometheus;
  const from = Date.now() / 1000;

  before(async () => {
    stack = await startStack();
    prometheus = await startPrometheus(prometheusProgram, alertmanagerProgram, stack);
    await playDemo(stack);
  });
  after(async () => {
    await prometheus?.stop();
    await stack?.stop();
  });

  it('every panel that asks Prometheus has data', async () => {
    let missing = panelQuestions().filter(
      ({ uid, where }) => uid === 'prometheus' && !WITHOUT_DATA.some((exception) => exception.where.test(where)),
    );
    assert.ok(missing.length > 100, `${missing.length} queries`);
    // What is broken is shown only while something is.
    await stack.inject('llm_quota_exhausted', { target: 'primary', durationMs: LIMIT_MS });
    const ask = async () => {
      // Waits are shown only while somebody talks.
      await stack.input('and what else?');
      const empty: typeof missing = [];
      for (const question of missing) if (!(await hasData(prometheus.url, question, from))) empty.push(question);
      missing = empty;
      return empty.length === 0;
    };
    await waitFor(ask, 'data', LIMIT_MS).catch(() => {});
    assert.deepEqual(
      missing.map(({ where, expr }) => `${where}: ${expr}`),
      [],
    );
  });

  it('every panel that asks Loki has lines', { skip: whyNot([lokiProgram, fluentBitProgram]) }, async (t) => {
    const pipeline = await createLogPipeline(fluentBitProgram, lokiProgram);
    t.after(() => pipeline.stop());
    await pipeline.startLoki();
    await pipeline.startShipper();
    for (const service of SERVICE_NAMES)
      copyFileSync(join(stack.logsFolder, `${service}.log`), join(pipeline.logsFolder, `${service}.log`));
    // What a process prints while it dies.
    pipeline.writeRaw('llm-service', 'FATAL ERROR: Reached heap limit Allocation failed');
    let missing = panelQuestions().filter(({ uid }) => uid === 'loki');
    const count = missing.length;
    const ask = async () => {
      const empty: typeof missing = [];
      for (const question of missing) if (!(await hasLines(pipeline.lokiUrl, question, from))) empty.push(question);
      missing = empty;
      return empty.length === 0;
    };
    await waitFor(ask, 'lines', LIMIT_MS).catch(() => {});
    assert.deepEqual({ count, missing }, { count: 6, missing: [] });
  });
});
