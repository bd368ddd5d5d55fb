import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { SERVICE_NAMES } from '@understudy/shared/contracts';
import { freePort, waitFor } from '@understudy/shared/testing';
import { renderStack } from './render-stack.ts';
import { configOf } from './testing/configs.ts';
import { createFolder, type TestFolder } from './testing/folder.ts';
import { type PlayedBot, playBot, type Received } from './testing/played-bot.ts';
import { whyNot } from './testing/programs.ts';
import { type RunningProgram, startProgram } from './testing/start-program.ts';

/** From a scrape to a notice lie seconds; the rest is for a busy machine. */
const LIMIT_MS = 180_000;
const COOLDOWN_S = 30;
const SERIES = 'understudy_errors_by_severity_total{severity="critical"}';

describe('a rule, from a metric to people', { skip: whyNot('prometheus', 'alertmanager') }, () => {
  let bot: PlayedBot;
  let folder: TestFolder;
  let alertmanager: RunningProgram;
  let prometheus: RunningProgram;

  before(async () => {
    bot = await playBot();
    bot.metrics.set(SERIES, 0);
    folder = createFolder();
    const ports = { prometheus: await freePort(), alertmanager: await freePort() };
    const at = (port: number) => `127.0.0.1:${port}`;
    const nowhere = at(await freePort());
    const rendered = renderStack(
      configOf(
        JSON.stringify({
          http: { ports: bot.ports },
          alerts: { critical_errors: { cooldown: COOLDOWN_S } },
        }),
      ),
      {
        stack: 'lite',
        receivers: ['webhook', 'deadman'],
        secretsFolder: join(folder.path, 'secrets'),
        hostExporters: [nowhere],
        addresses: {
          'fluent-bit': nowhere,
          loki: nowhere,
          tempo: nowhere,
          grafana: nowhere,
          prometheus: at(ports.prometheus),
          alertmanager: at(ports.alertmanager),
        },
      },
    );
    assert(rendered.ok);
    folder.write({
      ...rendered.prometheus,
      ...rendered.alertmanager,
      'secrets/webhook': `http://${at(bot.ports['cv-service'])}/people`,
      'secrets/deadman': `http://${at(bot.ports['cv-service'])}/deadman`,
      'secrets/supervisor_token': 'the-token',
    });
    alertmanager = await startProgram('alertmanager', ports.alertmanager, [
      `--config.file=${folder.path}/alertmanager.yml`,
      `--storage.path=${folder.path}/alertmanager-data`,
      '--cluster.listen-address=',
    ]);
    prometheus = await startProgram('prometheus', ports.prometheus, [
      `--config.file=${folder.path}/prometheus.yml`,
      `--storage.tsdb.path=${folder.path}/prometheus-data`,
      // What fires before Prometheus has found Alertmanager is sent again after a minute.
      '--rules.alert.resend-delay=5s',
    ]);
  });
  after(async () => {
    await prometheus?.stop();
    await alertmanager?.stop();
    bot?.close();
    folder?.remove();
  });

  const noticesAt = (path: string, status: string, alertname: string): Received[] =>
    bot.received.filter(
      ({ path: there, body }) =>
        there === path &&
        body.alerts.some((alert) => alert.status === status && alert.labels['alertname'] === alertname),
    );
  /** For so many services: people and the supervisor alike. */
  const isTold = (status: string, alertname: string, services: number) =>
    waitFor(
      () =>
        ['/people', '/v1/alertmanager'].every((path) => {
          const alerts = noticesAt(path, status, alertname).flatMap(({ body }) => body.alerts);
          return new Set(alerts.map(({ labels }) => labels['service'])).size === services;
        }),
      `the ${status} notices of ${alertname}`,
      LIMIT_MS,
    );
  const isHeldBack = async (): Promise<boolean> => {
    const response = await fetch(`${alertmanager.url}/api/v2/alerts?filter=alertname%3D%22critical_errors%22`);
    const alerts = (await response.json()) as { status: { inhibitedBy: string[] } }[];
    return alerts.length > 0 && alerts.every(({ status }) => status.inhibitedBy.length > 0);
  };
  const isOver = async (): Promise<boolean> => {
    const response = await fetch(`${prometheus.url}/api/v1/alerts`);
    const { data } = (await response.json()) as { data: { alerts: { labels: Record<string, string> }[] } };
    return data.alerts.every(({ labels }) => labels['alertname'] !== 'critical_errors');
  };

  /** Posts an incident as the supervisor does. */
  const post = async (labels: Readonly<Record<string, string>>, endsAt: number) => {
    const alert = { labels, annotations: { summary: 'The quota is used up' }, endsAt: new Date(endsAt).toISOString() };
    const response = await fetch(`${alertmanager.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([alert]),
    });
    assert.equal(response.status, 200);
  };

  test('a sign of life reaches the dead-man receiver, and nobody else', async () => {
    await waitFor(() => noticesAt('/deadman', 'firing', 'Watchdog').length > 0, 'the sign of life', LIMIT_MS);
    assert.deepEqual(
      bot.received.filter(
        ({ path, body }) => path !== '/deadman' && body.alerts[0]?.labels['alertname'] === 'Watchdog',
      ),
      [],
    );
  });

  test('a critical error is told to people and to the supervisor, and so is its end', async () => {
    // An increase needs a time at which there was none.
    await waitFor(
      async () => {
        const response = await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent(`count(${SERIES})`)}`);
        const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
        return data.result[0]?.value[1] === '5';
      },
      'five services to be scraped',
      LIMIT_MS,
    );
    bot.metrics.set(SERIES, 1);
    await isTold('firing', 'critical_errors', SERVICE_NAMES.length);
    const [toSupervisor] = noticesAt('/v1/alertmanager', 'firing', 'critical_errors');
    assert.equal(toSupervisor?.authorization, 'Bearer the-token');
    assert.deepEqual(toSupervisor?.body.alerts[0]?.labels, {
      alertname: 'critical_errors',
      policy: 'critical_errors',
      service: toSupervisor?.body.alerts[0]?.labels['service'],
      severity: 'critical',
    });
    await isTold('resolved', 'critical_errors', SERVICE_NAMES.length);
  });

  test('an incident of the same policy is told in its place', async () => {
    const incident = {
      alertname: 'LLM_QUOTA_EXHAUSTED',
      incident_id: 'incident-1',
      category: 'PROVIDER_ACCOUNT_ERROR',
      severity: 'critical',
      service: 'llm-service',
      policy: 'critical_errors',
    };
    await post(incident, Date.now() + 86_400_000);
    await isTold('firing', 'LLM_QUOTA_EXHAUSTED', 1);
    const told = noticesAt('/people', 'firing', 'critical_errors').length;
    bot.metrics.set(SERIES, 2);
    await waitFor(isHeldBack, 'the rule to be held back', LIMIT_MS);
    await waitFor(isOver, 'the rule to end', LIMIT_MS);
    await post(incident, Date.now());
    await isTold('resolved', 'LLM_QUOTA_EXHAUSTED', 1);
    assert.equal(noticesAt('/people', 'firing', 'critical_errors').length, told);
  });
});
