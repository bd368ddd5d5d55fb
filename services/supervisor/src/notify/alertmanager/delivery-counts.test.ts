import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestDelivery } from '@understudy/shared/contracts';
import { expectDeliveries, judgeDeliveries, readRequestCounts } from './delivery-counts.ts';
import { tellDeliveries } from './notify-test-words.ts';

/** As Alertmanager 0.33 prints them; with the feature receiver-name-in-metrics there are two series of a kind. */
const METRICS = `
# TYPE alertmanager_notification_requests_total counter
alertmanager_notification_requests_total{integration="discord"} 3
alertmanager_notification_requests_total{integration="webhook",receiver_name="everyone"} 7
alertmanager_notification_requests_total{integration="webhook",receiver_name="supervisor"} 1e+01
alertmanager_notification_requests_failed_total{integration="discord"} 1
alertmanager_notifications_failed_total{integration="discord",reason="other"} 9
`;
/** As \`GET /api/v2/status\` shows it: secrets hidden, paths not. */
const CONFIG = `
receivers:
- name: nobody
- name: everyone
  labels: { name: everyone }
  webhook_configs:
  - url: <secret>
    url_file: ""
    http_config: { follow_redirects: true, authorization: { type: Bearer, credentials_file: /secrets/supervisor_token } }
  - url: <secret>
    url_file: /secrets/ntfy
  discord_configs:
  - webhook_url_file: /secrets/discord
- name: operator-critical
  discord_configs:
  - webhook_url: <secret>
`;

const counts = (requests: number, failed: number) => new Map([['discord', { requests, failed }]]);

describe('what became of a test notice', () => {
  it('counts requests by kind', () => {
    assert.deepEqual(
      readRequestCounts(METRICS),
      new Map([
        ['discord', { requests: 3, failed: 1 }],
        ['webhook', { requests: 17, failed: 0 }],
      ]),
    );
  });

  it('expects one for each integration of the receivers that it is routed to, named by its secret', () => {
    assert.deepEqual(expectDeliveries(CONFIG, ['everyone']), [
      { kind: 'webhook', names: ['supervisor_token', 'ntfy'] },
      { kind: 'discord', names: ['discord'] },
    ]);
    assert.deepEqual(expectDeliveries(CONFIG, ['operator-critical']), [
      { kind: 'discord', names: ['operator-critical'] },
    ]);
    assert.deepEqual(expectDeliveries(CONFIG, ['nobody', 'somebody']), []);
    assert.deepEqual(expectDeliveries('', ['everyone']), []);
  });

  const cases: [after: [requests: number, failed: number], delivered: number, failed: number, state: string][] = [
    [[10, 2], 0, 0, 'not_sent'],
    [[11, 2], 1, 0, 'delivered'],
    [[12, 4], 0, 2, 'failed'],
    [[12, 3], 1, 1, 'delivered'],
    [[15, 2], 1, 0, 'delivered'],
  ];
  for (const [after, delivered, failedAttempts, state] of cases) {
    it(`is ${state} with ${delivered} delivered and ${failedAttempts} failed attempts`, () => {
      const expected = [{ kind: 'discord', names: ['discord'] }];
      assert.deepEqual(judgeDeliveries(expected, counts(10, 2), counts(...after)), [
        { kind: 'discord', names: ['discord'], delivered, failedAttempts, state },
      ]);
    });
  }
});

describe('words for the operator', () => {
  const webhook: TestDelivery = {
    kind: 'webhook',
    names: ['supervisor_token'],
    delivered: 1,
    failedAttempts: 0,
    state: 'delivered',
  };

  it('say who was reached and who was not, with the remedy', () => {
    const discord: TestDelivery = {
      kind: 'discord',
      names: ['discord'],
      delivered: 0,
      failedAttempts: 1,
      state: 'failed',
    };
    assert.equal(
      tellDeliveries([webhook, discord], true),
      [
        'webhook (supervisor_token): 1 of 1 delivered.',
        'discord (discord): 0 of 1 delivered, 1 attempt failed. Check its file in secrets/ (docker compose up again after a change) and the reason in: docker compose logs alertmanager',
        'console and log_file: told by the webhook.',
      ].join('\n'),
    );
  });

  it('say when nobody is told but the console, and when not even that', () => {
    assert.match(tellDeliveries([webhook], true), /\nNobody but the console is told: put a secret into secrets\//);
    assert.match(tellDeliveries([], false), /^console and log_file: Alertmanager's webhook did not come back here\./);
  });
});
