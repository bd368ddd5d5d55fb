import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { parseFacts, RECEIVER_SECRETS } from './facts.ts';
import { type RenderFacts, renderStack } from './render-stack.ts';
import { configOf, REACHABLE } from './testing/configs.ts';

const render = (yaml: string, facts: RenderFacts) => {
  const rendered = renderStack(configOf(yaml), facts);
  assert(rendered.ok, JSON.stringify(rendered));
  return rendered;
};

describe('renderStack', () => {
  it('gives both programs all that they read', () => {
    const { prometheus, alertmanager } = render('', { stack: 'full', receivers: [] });
    assert.deepEqual(
      { prometheus: Object.keys(prometheus), alertmanager: Object.keys(alertmanager) },
      {
        prometheus: ['prometheus.yml', 'rules/understudy.yml', 'targets/services.json'],
        alertmanager: ['alertmanager.yml', 'templates/understudy.tmpl', 'facts.json'],
      },
    );
  });

  it('can be repeated from the facts that it leaves', () => {
    const first = render(REACHABLE, { stack: 'lite', receivers: [...RECEIVER_SECRETS], secretsFolder: '/elsewhere' });
    const facts = parseFacts(first.alertmanager['facts.json'] ?? '');
    assert.deepEqual(render(REACHABLE, facts), first);
  });

  it('asks the services every 5 s where they are, and only the programs of the stack', () => {
    const jobs = (stack: 'full' | 'lite') => {
      const { prometheus } = render('', { stack, receivers: [] });
      const config: { scrape_configs: { job_name: string; scrape_interval?: string }[] } = parse(
        prometheus['prometheus.yml'] ?? '',
      );
      return config.scrape_configs.map(({ job_name, scrape_interval = '15s' }) => `${job_name} ${scrape_interval}`);
    };
    const both = ['services 5s', 'prometheus 15s', 'alertmanager 15s'];
    assert.deepEqual(jobs('lite'), [...both, 'host 15s']);
    assert.deepEqual(jobs('full'), [...both, 'fluent-bit 15s', 'loki 15s', 'tempo 15s', 'grafana 15s', 'host 15s']);
  });

  it('names each service where it is reached', () => {
    const { prometheus } = render('http: { ports: { supervisor: 9700 } }', { stack: 'lite', receivers: [] });
    assert.deepEqual(JSON.parse(prometheus['targets/services.json'] ?? ''), [
      { targets: ['127.0.0.1:9700'], labels: { service: 'supervisor' } },
      { targets: ['127.0.0.1:8701'], labels: { service: 'audio-gateway' } },
      { targets: ['127.0.0.1:8702'], labels: { service: 'osc-bridge' } },
      { targets: ['127.0.0.1:8703'], labels: { service: 'llm-service' } },
      { targets: ['127.0.0.1:8704'], labels: { service: 'cv-service' } },
    ]);
  });

  it('names what a receiver lacks, and what to do', () => {
    assert.deepEqual(
      renderStack(configOf('notifications: { time_zone: Mars/Base }'), {
        stack: 'lite',
        receivers: ['telegram', 'email', 'discord'],
      }),
      {
        ok: false,
        problems: [
          'secrets/telegram is there, but notifications.receivers.telegram.chat_id is not set in config/understudy.yaml: set it, or take the secret away',
          'secrets/email is there, but notifications.receivers.email.to is not set in config/understudy.yaml: set it, or take the secret away',
          'secrets/email is there, but notifications.receivers.email.smarthost is not set in config/understudy.yaml: set it, or take the secret away',
          'notifications.time_zone: "Mars/Base" is no time zone; write one of the tz database, for example Europe/Berlin or America/New_York',
        ],
      },
    );
  });
});

describe('parseFacts', () => {
  it('says what is wrong with facts of another form', () => {
    assert.throws(() => parseFacts('{"stack":"huge"}'), /facts\.json does not have its form .*docker compose up -d/);
  });
});
