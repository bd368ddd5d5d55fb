import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { NoticeRecord, NotifyTest } from '@understudy/shared/contracts';
import { freePort, startNats, type TestNats, waitFor } from '@understudy/shared/testing';
import { isoAt, makeEvent } from '../../testing/error-events.ts';
import { type PlayedService, playService } from '../../testing/played-service.ts';
import { createAlertmanager, findAlertmanager, type TestAlertmanager } from '../../testing/start-alertmanager.ts';
import { startReceiver, type TestReceiver } from '../../testing/start-receiver.ts';
import { createSupervisorProcess, type SupervisorProcess } from '../../testing/supervisor-process.ts';
import type { HeldAlert } from './alertmanager-client.ts';

/** Generous: other work may have the processor. */
const LIMIT_MS = 90_000;
const program = findAlertmanager();
const skip =
  program === undefined && 'NO ALERTMANAGER on this machine (npm test brings one): nothing of this was tested';

describe('incidents on a real Alertmanager', { skip }, () => {
  let nats: TestNats;
  let alertmanager: TestAlertmanager;
  let supervisor: SupervisorProcess;
  let phone: TestReceiver;
  let osc: PlayedService;

  const startAlertmanager = (others: { name: string; url: string }[] = []) =>
    alertmanager.start([
      { name: 'supervisor', url: `${supervisor.origin}/v1/alertmanager`, token: supervisor.token },
      { name: 'phone', url: phone.url },
      ...others,
    ]);

  beforeEach(async () => {
    nats = await startNats();
    phone = await startReceiver();
    alertmanager = await createAlertmanager(program ?? '');
    supervisor = await createSupervisorProcess(nats, { UNDERSTUDY_ALERTMANAGER_URL: alertmanager.url });
    await startAlertmanager();
    await supervisor.start();
    osc = await playService(nats, 'osc-bridge');
    osc.react = () => false;
  });
  afterEach(async () => {
    await osc.close();
    await supervisor.stop();
    await alertmanager.stop();
    await phone.close();
    await nats.stop();
  });

  const openIncident = (code: string) => {
    const event = makeEvent(code, {
      id: crypto.randomUUID(),
      occurredAt: new Date().toISOString(),
      service: 'osc-bridge',
    });
    osc.bus.enqueueError(event);
    return waitFor(() => supervisor.incidentOf(event.id), `the incident of ${code}`, LIMIT_MS);
  };
  type Held = HeldAlert & { status: { silencedBy: string[] } };
  const heldAlerts = async (): Promise<Held[]> => {
    const answer = await fetch(`${alertmanager.url}/api/v2/alerts`);
    return (await answer.json()) as Held[];
  };
  const untilHeld = (count: number) =>
    waitFor(
      async () => {
        const held = await heldAlerts();
        return held.length === count && held;
      },
      `${count} open alerts`,
      LIMIT_MS,
    );
  const notices = async () => (await supervisor.get<{ notices: NoticeRecord[] }>('/v1/notices')).notices;
  const untilTold = (kind: NoticeRecord['kind'], incidentId: string) =>
    waitFor(
      async () => (await notices()).find((notice) => notice.kind === kind && notice.incidentId === incidentId),
      `the notice ${kind} of ${incidentId}`,
      LIMIT_MS,
    );
  const onThePhone = () =>
    phone.received.map(({ status, labels }) => `${status} ${labels['alertname']} ${labels['severity']}`);
  /** Alertmanager notes whom it has told when the answer has come, and only whom it has told is told of the end. */
  const untilAnswered = (webhooks: number) =>
    waitFor(
      async () => {
        const metrics = await (await fetch(`${alertmanager.url}/metrics`)).text();
        return metrics.includes(`alertmanager_notification_latency_seconds_count{integration="webhook"} ${webhooks}\n`);
      },
      `${webhooks} webhooks to have answered`,
      LIMIT_MS,
    );
  const untilOnThePhone = (line: string) =>
    waitFor(() => onThePhone().includes(line), `"${line}" on the phone`, LIMIT_MS);

  it('tells an incident that waits for a person, and its end, to people and on the channels', async () => {
    const { id } = await openIncident('OSC_PORT_IN_USE');
    const told = await untilTold('firing', id);
    assert.deepEqual(
      [told.name, told.severity, told.policy, told.toldBy, told.channels],
      ['OSC_PORT_IN_USE', 'CRITICAL', 'critical_errors', 'alertmanager', ['console', 'log_file']],
    );
    osc.react = () => true;
    await untilTold('resolved', id);
    await untilOnThePhone('resolved OSC_PORT_IN_USE critical');
    assert.deepEqual(
      (await notices()).map(({ kind, toldBy }) => `${kind} ${toldBy}`),
      ['resolved alertmanager', 'firing alertmanager'],
    );
    assert.deepEqual(await heldAlerts(), []);
    const written = supervisor
      .noticeLines()
      .map(({ level, error_code, incident_id }) => ({ level, error_code, incident_id }));
    const same = { error_code: 'OSC_PORT_IN_USE', incident_id: id };
    assert.deepEqual(written, [
      { level: 'CRITICAL', ...same },
      { level: 'INFO', ...same },
    ]);
  });

  it('ends the old alert and opens the new one when the severity rises', async () => {
    await openIncident('OSC_CONNECTION_LOST');
    await untilOnThePhone('firing OSC_CONNECTION_LOST error');
    await openIncident('OSC_PORT_IN_USE');
    await untilOnThePhone('firing OSC_CONNECTION_LOST critical');
    await untilOnThePhone('resolved OSC_CONNECTION_LOST error');
    const [held] = await untilHeld(1);
    assert.deepEqual([held?.labels['severity'], held?.labels['policy']], ['critical', 'critical_errors']);
  });

  it('gives a restarted Alertmanager what is open, and the end that it missed', async () => {
    const { id } = await openIncident('OSC_PORT_IN_USE');
    await untilTold('firing', id);
    await untilOnThePhone('firing OSC_PORT_IN_USE critical');
    await alertmanager.kill();
    await startAlertmanager();
    await untilHeld(1);
    await waitFor(() => phone.received.length === 2, 'the phone to be told again', LIMIT_MS);
    await untilAnswered(2);
    await alertmanager.drain();
    osc.react = () => true;
    await waitFor(async () => (await supervisor.status()).incidents.open === 0, 'the recovery', LIMIT_MS);
    await startAlertmanager();
    await untilTold('resolved', id);
    await untilOnThePhone('resolved OSC_PORT_IN_USE critical');
    assert.deepEqual(await heldAlerts(), []);
    assert.equal((await notices()).filter(({ kind }) => kind === 'firing').length, 1);
  });

  it('ends, after its own restart, what nobody knows any more, and takes up what is open', async () => {
    const { id } = await openIncident('OSC_PORT_IN_USE');
    await untilTold('firing', id);
    await supervisor.kill();
    const labels = { alertname: 'AUDIO_DEVICE_LOST', incident_id: 'incident-of-another-life' };
    const startsAt = isoAt(Date.now() - 1000);
    await fetch(`${alertmanager.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ labels, startsAt, endsAt: isoAt(Date.now() + 86_400_000) }]),
    });
    await untilHeld(2);
    await supervisor.start();
    const [held] = await untilHeld(1);
    assert.equal(held?.labels['incident_id'], id);
    assert.deepEqual(
      (await notices()).filter(({ incidentId }) => incidentId === id).map(({ kind }) => kind),
      ['firing'],
    );
  });

  it('does not repeat to people what one of them acknowledged, over both programs\u2019 restarts, and tells its end', async () => {
    const { id } = await openIncident('OSC_PORT_IN_USE');
    await untilOnThePhone('firing OSC_PORT_IN_USE critical');
    await supervisor.post(`/v1/incidents/${id}/acknowledge`);
    const untilSilenced = (count: number) =>
      waitFor(
        async () => (await heldAlerts()).every(({ status }) => status.silencedBy.length === count),
        `${count} silences of it`,
        LIMIT_MS,
      );
    await untilSilenced(1);
    await supervisor.kill();
    await alertmanager.drain();
    await startAlertmanager();
    await supervisor.start();
    await untilHeld(1);
    await untilSilenced(1);
    osc.react = () => true;
    await untilOnThePhone('resolved OSC_PORT_IN_USE critical');
    assert.deepEqual(onThePhone(), ['firing OSC_PORT_IN_USE critical', 'resolved OSC_PORT_IN_USE critical']);
  });

  it('tests every receiver, and says which one was not reached', async () => {
    const test = async () => (await (await supervisor.post('/v1/notify-test')).json()) as NotifyTest;
    const reached = await test();
    assert.deepEqual(
      [reached.ok, reached.deliveries],
      [
        true,
        [{ kind: 'webhook', names: ['supervisor', 'phone'], delivered: 2, failedAttempts: 0, state: 'delivered' }],
      ],
    );
    assert.ok(onThePhone().includes('firing NotifyTest info'));

    await alertmanager.kill();
    await startAlertmanager([{ name: 'broken', url: `http://127.0.0.1:${await freePort()}/` }]);
    const failed = await test();
    const [webhook] = failed.deliveries;
    assert.deepEqual([failed.ok, webhook?.names.length, webhook?.delivered, webhook?.state], [false, 3, 2, 'failed']);
    assert.match(
      failed.words,
      /^webhook \(supervisor, phone, broken\): 2 of 3 delivered, \d+ attempts? failed\. Check its file in secrets/,
    );

    await alertmanager.kill();
    assert.match(
      (await test()).words,
      /^Alertmanager at http:\S+ cannot be reached \(ECONNREFUSED\)\. Nothing was tested/,
    );
  });
});
