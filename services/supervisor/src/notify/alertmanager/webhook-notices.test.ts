import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createValidator } from '@understudy/shared/contracts';
import { isoAt, T0 } from '../../testing/error-events.ts';
import { openIncident } from '../../testing/incidents.ts';
import { webhookNotices } from './webhook-notices.ts';
import { type WebhookAlert, WebhookSchema } from './webhook-schema.ts';

const lost = openIncident('OSC_CONNECTION_LOST');
const alert = (own: Partial<WebhookAlert> = {}): WebhookAlert => ({
  status: 'firing',
  labels: { alertname: 'resource_usage', severity: 'error', service: 'llm-service', policy: 'resource_usage' },
  annotations: { summary: 'Memory is nearly spent.', remedy: 'Close something.' },
  startsAt: isoAt(T0),
  fingerprint: '9fab2f4085086cab',
  ...own,
});
const find = (id: string) => (id === lost.id ? lost : undefined);
const tell = (...alerts: WebhookAlert[]) => webhookNotices({ version: '4', alerts }, find);
const ofIncident = alert({
  labels: { alertname: lost.code, severity: 'error', service: 'osc-bridge', incident_id: lost.id },
  annotations: { description: 'VRChat is gone. What to do: Start it.', remedy: 'Start it.' },
});

describe('webhookNotices', () => {
  it('tells a rule with its remedy, throttled by its fingerprint', () => {
    assert.deepEqual(tell(alert()), [
      {
        kind: 'firing',
        name: 'resource_usage',
        severity: 'ERROR',
        text: 'resource_usage at llm-service: Memory is nearly spent. What to do: Close something.',
        toldBy: 'alertmanager',
        key: '9fab2f4085086cab/firing/ERROR',
        thread: '9fab2f4085086cab',
        policy: 'resource_usage',
      },
    ]);
  });

  it('tells an incident under its own fingerprint: a failure that comes back is the same', () => {
    const over = { ...ofIncident.annotations, done: 'Recovered after 2 attempts, and a probe proved it.' };
    assert.deepEqual(tell(ofIncident, { ...ofIncident, status: 'resolved', annotations: over }), [
      {
        kind: 'firing',
        name: 'OSC_CONNECTION_LOST',
        severity: 'ERROR',
        incidentId: lost.id,
        text: 'OSC_CONNECTION_LOST at osc-bridge: VRChat is gone. What to do: Start it.',
        toldBy: 'alertmanager',
        key: `${lost.fingerprint}/firing/ERROR`,
        thread: lost.id,
      },
      {
        kind: 'resolved',
        name: 'OSC_CONNECTION_LOST',
        severity: 'ERROR',
        incidentId: lost.id,
        text: 'OSC_CONNECTION_LOST at osc-bridge: over. Recovered after 2 attempts, and a probe proved it.',
        toldBy: 'alertmanager',
        key: `${lost.fingerprint}/resolved/ERROR`,
        thread: lost.id,
      },
    ]);
  });

  it('tells nothing of what fires for machines, and not again what somebody acknowledged', () => {
    assert.deepEqual(tell(alert({ labels: { alertname: 'Watchdog', severity: 'none' } })), []);
    const acknowledged = { ...lost, acknowledged: true };
    const alerts = [ofIncident, { ...ofIncident, status: 'resolved' as const }];
    assert.deepEqual(
      webhookNotices({ version: '4', alerts }, () => acknowledged).map(({ kind }) => kind),
      ['resolved'],
    );
  });

  it('takes labels for what they are: anything', () => {
    const [notice] = tell(alert({ labels: { severity: 'page', policy: 'toString' }, annotations: {} }));
    assert.deepEqual(
      [notice?.name, notice?.severity, notice?.policy, notice?.text],
      ['alert', 'WARNING', undefined, 'alert: fires'],
    );
  });
});

describe('the webhook’s schema', () => {
  const validate = createValidator(WebhookSchema);
  /** As Alertmanager 0.33 sends it. */
  const sent = {
    receiver: 'supervisor',
    status: 'firing',
    alerts: [
      {
        ...alert(),
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: 'http://127.0.0.1:8700/v1/incidents/x',
      },
    ],
    groupLabels: { alertname: 'resource_usage' },
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager:9093',
    version: '4',
    groupKey: '{}:{alertname="resource_usage"}',
    truncatedAlerts: 0,
  };

  it('takes what Alertmanager sends, and fields of a later version', () => {
    assert.equal(validate(sent).ok, true);
    assert.equal(validate({ ...sent, news: { deep: [1] } }).ok, true);
  });

  const wrong: [what: string, payload: unknown][] = [
    ['another version', { ...sent, version: '5' }],
    ['no alerts', { ...sent, alerts: undefined }],
    ['an alert without a fingerprint', { ...sent, alerts: [{ ...alert(), fingerprint: '' }] }],
    ['a status that is none', { ...sent, alerts: [{ ...alert(), status: 'maybe' }] }],
    ['labels that are no words', { ...sent, alerts: [{ ...alert(), labels: { a: 1 } }] }],
    ['more than a thousand', { ...sent, alerts: Array.from({ length: 1001 }, () => alert()) }],
    ['no object', 'fire!'],
  ];
  for (const [what, payload] of wrong) it(`refuses ${what}`, () => assert.equal(validate(payload).ok, false));
});
