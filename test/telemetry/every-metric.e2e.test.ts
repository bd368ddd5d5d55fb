import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { connect } from '@nats-io/transport-node';
import { CAPABILITIES, SERVICE_NAMES, SUPERVISED_SERVICES, subjectsOf } from '@understudy/shared/contracts';
import { METRICS, type MetricName } from '@understudy/shared/telemetry';
import { waitFor } from '@understudy/shared/testing';
import { LIMIT_MS, type Stack, startStack } from '../e2e/stack.ts';
import { findProgram } from '../programs/find-program.ts';
import { parseSamples, type Sample, sampleName, withoutOpenMetrics } from './demand-metrics.ts';

/** Rows that the native bot of this test does not show, and why. */
const NOT_HERE: Partial<Record<MetricName, string>> = {
  understudy_alert_actions_total: 'an alert must ask for an action; the notify room tests it',
  understudy_llm_cost_total: 'no simulated provider has a price; the budget room tests it',
  understudy_metric_values_rejected_total: 'it would be a defect',
};

describe('every metric of the table, in a bot that runs', () => {
  let stack: Stack;
  before(async () => {
    // Clocks are compared soon, and no difference is one.
    stack = await startStack({ audio: { drift_for_ms: 3000, drift_share: 1 } });
  });
  after(() => stack?.stop());

  const seen = new Set<string>();
  /** Everything that all services tell now; each name is remembered. */
  const look = async (): Promise<Sample[]> => {
    const texts = await Promise.all(SERVICE_NAMES.map(stack.metricsText));
    const samples = texts.flatMap(parseSamples);
    for (const { name } of samples) seen.add(name);
    return samples;
  };
  const values = (samples: readonly Sample[], metric: string, label: string): Record<string, number> =>
    Object.fromEntries(
      samples.filter(({ name }) => name === metric).map(({ labels, value }) => [labels[label] ?? '', value]),
    );

  test('is there from the start where it can be', async () => {
    const samples = await waitFor(
      async () => {
        const now = await look();
        return ['understudy_redis_memory_bytes', 'understudy_stream_bytes', 'understudy_machine_processor_share'].every(
          (wanted) => now.some(({ name }) => name === wanted),
        )
          ? now
          : undefined;
      },
      'the first look at the surroundings',
      LIMIT_MS,
    );
    assert.deepEqual(
      Object.keys(values(samples, 'understudy_memory_limit_bytes', 'service')).sort(),
      SERVICE_NAMES.toSorted(),
    );
    assert.deepEqual(
      values(samples, 'understudy_capability_level', 'capability'),
      Object.fromEntries(CAPABILITIES.map((capability) => [capability, 2])),
    );
    // The supervisor hears of a start by the service's next heartbeat.
    await waitFor(
      async () => {
        const left = values(await look(), 'understudy_restart_budget_remaining', 'of');
        return SUPERVISED_SERVICES.every((service) => left[service] === 49);
      },
      'each first start to be counted',
      LIMIT_MS,
    );
    assert.deepEqual(values(samples, 'understudy_dependency_up', 'dependency'), { nats: 1, redis: 1 });
    assert.deepEqual(Object.keys(values(samples, 'understudy_stream_messages', 'stream')).sort(), [
      'ERRORS_main',
      'INCIDENTS_main',
      'KV_understudy_main',
    ]);
    const peers = Object.keys(values(samples, 'understudy_consecutive_failures', 'peer'));
    for (const kind of ['llm', 'transcription', 'speech', 'input', 'output'])
      assert.ok(
        peers.some((peer) => peer.startsWith(`${kind}:`)),
        `${kind} in ${peers.join(', ')}`,
      );
    for (const peer of ['vrchat', 'camera']) assert.ok(peers.includes(peer), `${peer} in ${peers.join(', ')}`);
  });

  test('the answer to a viewer is measured once a turn, where the turn began', async () => {
    const answers = async () => [
      await stack.metric('audio-gateway', 'understudy_answer_duration_seconds_count'),
      await stack.metric('llm-service', 'understudy_answer_duration_seconds_count'),
    ];
    await stack.input('What do you like?');
    assert.deepEqual(await answers(), [1, 0]);
    await stack.simulators.say('Hello Mika, what do you like?');
    await waitFor(async () => (await answers())[0] === 2, 'the answer to the spoken turn', LIMIT_MS);
    await fetch(`${stack.addressOf('llm-service')}/v1/input`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'And what else?' }),
    });
    assert.deepEqual(await answers(), [2, 1]);
    assert.equal(
      await stack.metric('audio-gateway', 'understudy_answer_duration_seconds_count', { source: 'none' }),
      0,
    );
    await look();
  });

  test('a fault shows in all that belongs to it, as long as it lasts', async () => {
    await stack.inject('llm_timeout');
    await stack.inject('osc_connection_lost');
    const { id } = await stack.waitForIncident('OSC_CONNECTION_LOST', ({ state }) => state !== 'resolved', 'is open');
    const info = await waitFor(
      async () =>
        (await look()).find(({ name, labels }) => name === 'understudy_incident_info' && labels['incident_id'] === id),
      'the incident among the metrics',
      LIMIT_MS,
    );
    assert.deepEqual(
      [info.labels['code'], info.labels['of'], info.labels['severity']],
      ['OSC_CONNECTION_LOST', 'osc-bridge', 'error'],
    );
    await waitFor(
      async () =>
        (values(await look(), 'understudy_consecutive_failures', 'peer')['vrchat'] ?? 0) > 1 ? true : undefined,
      'the failures in a row',
      LIMIT_MS,
    );
    const { health } = await stack.status();
    assert.notEqual(health.overall_health, 'HEALTHY');
    assert.match(health.checks.find(({ name }) => name === 'osc')?.detail ?? '', /OSC_CONNECTION_LOST/);
    await stack.input('Is anybody there?');
    await stack.simulators.mend();
    await stack.waitForIncident('OSC_CONNECTION_LOST', ({ state }) => state === 'resolved', 'is resolved');
    await waitFor(
      async () => !(await look()).some(({ labels }) => labels['incident_id'] === id),
      'the resolved incident to leave the metrics',
      LIMIT_MS,
    );
  });

  test('what is refused is counted', async () => {
    await fetch(`${stack.addressOf('audio-gateway')}/v1/input`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"wrong":1}',
    });
    const nats = await connect({
      servers: `127.0.0.1:${stack.ports.nats}`,
      user: 'osc-bridge',
      pass: readFileSync(join(stack.dataFolder, '..', 'secrets', 'nats-osc-bridge.password'), 'utf8').trim(),
    });
    nats.publish(subjectsOf('main').error('osc-bridge'), '{"id":"no error"}');
    await nats.drain();
    const name = 'understudy_error_events_rejected_total';
    await waitFor(async () => (await stack.metric('supervisor', name)) === 1, 'the rejected error', LIMIT_MS);
    await look();
  });

  test('no row of the table is without data', async () => {
    await look();
    const names = Object.keys(METRICS) as MetricName[];
    const missing = names.filter((name) => !seen.has(sampleName(name)));
    assert.deepEqual(missing.sort(), Object.keys(NOT_HERE).sort());
  });

  const prometheus = findProgram('prometheus');
  test('promtool finds no fault with any of ours', {
    skip: prometheus.type === 'missing' && prometheus.problem,
  }, async () => {
    if (prometheus.type === 'missing') return;
    const [command, ...args] =
      prometheus.type === 'file'
        ? [join(dirname(prometheus.path), 'promtool')]
        : ['docker', 'run', '--rm', '--interactive', '--entrypoint', 'promtool', prometheus.image];
    for (const service of SERVICE_NAMES) {
      const input = withoutOpenMetrics(await stack.metricsText(service));
      const { stdout, stderr, error } = spawnSync(command, [...args, 'check', 'metrics'], { input, encoding: 'utf8' });
      assert.equal(error, undefined);
      // The user's names are the user's; the others are Node's.
      const ours = `${stdout}${stderr}`.split('\n').filter((line) => /understudy_|error while linting/.test(line));
      assert.deepEqual(ours, [], service);
    }
  });
});
