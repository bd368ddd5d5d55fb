import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { RECEIVER_SECRETS, type ReceiverSecret } from '../facts.ts';
import { renderStack } from '../render-stack.ts';
import { configOf, REACHABLE } from '../testing/configs.ts';
import { createFolder, type TestFolder } from '../testing/folder.ts';
import { run, whyNot } from '../testing/programs.ts';

const SCHEDULES = `
  time_zone: Europe/Berlin
  quiet_hours: [{ from: "23:00", to: "08:00" }]
  on_air: [{ days: [friday], from: "20:00", to: "02:00" }, { from: "14:00", to: "00:00" }]
`;

describe('the configuration, judged by amtool', { skip: whyNot('amtool') }, () => {
  let folder: TestFolder;
  before(() => {
    folder = createFolder();
  });
  after(() => folder.remove());

  /** Renders it and tells where it lies. */
  function write(receivers: readonly ReceiverSecret[], yaml = REACHABLE): string {
    const rendered = renderStack(configOf(yaml), { stack: 'full', receivers: [...receivers] });
    assert(rendered.ok);
    folder.write(rendered.alertmanager);
    return join(folder.path, 'alertmanager.yml');
  }

  const sets: (readonly [string, readonly ReceiverSecret[]])[] = [
    ['no receiver', []],
    ...RECEIVER_SECRETS.map((name) => [`${name} alone`, [name]] as const),
    ['all receivers', RECEIVER_SECRETS],
  ];
  for (const [title, receivers] of sets) {
    test(`is right with ${title}`, () => {
      assert.match(run('amtool', ['check-config', write(receivers)]), /SUCCESS/);
    });
  }

  test('is right with schedules', () => {
    const file = write(RECEIVER_SECRETS, `${REACHABLE}${SCHEDULES}`);
    assert.match(run('amtool', ['check-config', file]), /SUCCESS/);
  });

  const ALL: readonly ReceiverSecret[] = ['discord', 'deadman'];
  const routes: (readonly [string, readonly ReceiverSecret[], readonly string[], string])[] = [
    ['a critical alert', ALL, ['severity=critical'], 'supervisor,operator-critical'],
    [
      'a critical incident by the cooldown of its policy',
      ALL,
      ['severity=critical', 'policy=critical_errors', 'incident_id=i1'],
      'supervisor,operator-critical',
    ],
    ['an error', ALL, ['severity=error', 'policy=external_service_failure'], 'supervisor,operator-error'],
    ['a warning', ALL, ['severity=warning'], 'supervisor,operator-warning'],
    ['information', ALL, ['severity=info'], 'supervisor'],
    ['the sign of life', ALL, ['alertname=Watchdog', 'severity=none'], 'deadman'],
    ['a test', ALL, ['test=true', 'severity=critical'], 'everyone'],
    ['anything, where nobody is to be told,', [], ['severity=critical'], 'supervisor'],
    ['the sign of life, where nobody listens,', [], ['alertname=Watchdog', 'severity=none'], 'nobody'],
  ];
  for (const [title, receivers, labels, expected] of routes) {
    test(`${title} goes to ${expected.replace(',', ' and ')}`, () => {
      const file = write(receivers);
      const told = run('amtool', [
        'config',
        'routes',
        'test',
        `--config.file=${file}`,
        `--verify.receivers=${expected}`,
        ...labels,
      ]);
      assert.equal(told.trim(), expected);
    });
  }

  test('says what broke, what still works, what was done and what to do', () => {
    write(['discord']);
    const alert = (status: string, summary: string) => ({
      status,
      labels: { alertname: 'NatsDown', severity: 'critical' },
      annotations: { summary, works: 'Text.', done: 'Waits.', remedy: 'Start it.', runbook_url: 'http://x/NatsDown' },
      startsAt: '2026-11-24T18:00:00Z',
      endsAt: '2026-11-24T18:05:00Z',
    });
    const message = (status: string, alerts: readonly object[], commonAnnotations: object) => {
      folder.write({
        'data.json': JSON.stringify({
          status,
          receiver: 'discord',
          groupLabels: { alertname: 'NatsDown' },
          commonLabels: { severity: 'critical' },
          commonAnnotations,
          alerts,
        }),
      });
      const render = (template: string) =>
        run('amtool', [
          'template',
          'render',
          `--template.glob=${folder.path}/templates/*.tmpl`,
          `--template.text={{ template "${template}" . }}`,
          `--template.data=${folder.path}/data.json`,
        ]);
      return `${render('understudy.title')}\n${render('understudy.text')}`;
    };
    const summary = 'NATS is down';
    assert.equal(
      message('firing', [alert('firing', summary)], { summary }),
      'CRITICAL: NATS is down\nNATS is down\nStill works: Text.\nDone: Waits.\nWhat to do: Start it.\nhttp://x/NatsDown\n\n',
    );
    assert.equal(
      message('resolved', [alert('resolved', summary)], { summary }),
      'Resolved: NATS is down\nOver: NATS is down\nDone: Waits.\n',
    );
    assert.match(
      message('firing', [alert('firing', summary), alert('firing', 'Redis is down')], {}),
      /^CRITICAL: 2 x NatsDown\n/,
    );
  });
});
