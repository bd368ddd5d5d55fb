import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Incident, RecoveryCommand } from '@understudy/shared/contracts';
import { createHub } from '@understudy/shared/messaging';
import { startNats, type TestNats, waitFor } from '@understudy/shared/testing';
import { makeEvent } from './testing/error-events.ts';
import { type PlayedService, playService } from './testing/played-service.ts';
import { createSupervisorProcess, type SupervisorProcess } from './testing/supervisor-process.ts';

/** Generous: other work may have the processor. */
const LIMIT_MS = 60_000;
const freshEvent = (code: string) => makeEvent(code, { id: crypto.randomUUID(), occurredAt: new Date().toISOString() });

describe('the supervisor on a real NATS', () => {
  let nats: TestNats;
  let supervisor: SupervisorProcess;
  let osc: PlayedService;

  beforeEach(async () => {
    nats = await startNats();
    supervisor = await createSupervisorProcess(nats);
    await supervisor.start();
    osc = await playService(nats, 'osc-bridge');
  });
  afterEach(async () => {
    await osc.close();
    await supervisor.stop();
    await nats.stop();
  });

  const untilState = (errorId: string, ...states: Incident['state'][]): Promise<Incident> =>
    waitFor(
      async () => {
        const incident = await supervisor.incidentOf(errorId);
        return incident && states.includes(incident.state) ? incident : undefined;
      },
      `an incident of ${errorId} that is ${states.join(' or ')}`,
      LIMIT_MS,
    );
  const report = (code: string) => {
    const event = freshEvent(code);
    osc.bus.enqueueError(event);
    return event;
  };
  /** The stream as it is, read by another connection. */
  const readStream = async () => {
    const hub = createHub({
      bot: 'main',
      address: nats.address('supervisor'),
      spoolFile: join(mkdtempSync(join(tmpdir(), 'reader-')), 'spool.jsonl'),
      onRejected: ({ reason }) => assert.fail(reason),
      onHandlerError: () => {},
    });
    const records = await hub.readRecords();
    await hub.close();
    return records;
  };

  it('leads one error to a verified recovery, and tells, logs and counts it', async () => {
    const event = report('OSC_CONNECTION_LOST');
    const { id, traceparent } = await untilState(event.id, 'resolved');
    assert.deepEqual(await supervisor.storyOf(id), [
      `Detected OSC_CONNECTION_LOST (ERROR): VRChat gives no sign that it receives OSC. ${event.message}`,
      'Decided: reconnect_retry, because OSC_CONNECTION_ERROR is treated by reconnect_retry',
      'Attempt 1 (reconnect:1): reconnect at osc-bridge, to be proved by probe osc-echo',
      'Attempt 1 (reconnect:1) done, proved by probe osc-echo: probe true',
      'Verified and resolved: osc-echo proved it',
    ]);
    assert.deepEqual(
      osc.did.map(({ verb, args, incidentId }) => ({ verb, args, incidentId })),
      [
        { verb: 'reconnect', args: {}, incidentId: id },
        { verb: 'probe', args: { what: 'osc-echo' }, incidentId: id },
      ],
    );
    assert.match(traceparent ?? '', /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
    const logged = supervisor
      .logLines()
      .filter((line) => line['incident_id'] === id)
      .map(({ message }) => message);
    for (const told of ['Verified and resolved: osc-echo proved it', 'Notice'])
      assert.ok(logged.includes(told), `${told} is not logged`);
    assert.equal(await supervisor.metric('understudy_incidents_opened_total{category="OSC_CONNECTION_ERROR"'), 1);
    assert.equal(
      await supervisor.metric('understudy_recoveries_total{strategy="reconnect_retry",outcome="recovered"'),
      1,
    );
    const { incidents, bus } = await supervisor.status();
    assert.deepEqual({ incidents, bus }, { incidents: { open: 0, needsOperator: 0 }, bus: 'connected' });
  });

  it('handles an event once, however often its service sends it', async () => {
    osc.react = () => false;
    const event = report('OSC_CONNECTION_LOST');
    await untilState(event.id, 'degraded');
    osc.bus.enqueueError(event);
    const other = report('OSC_CONNECTION_LOST');
    const incident = await waitFor(() => supervisor.incidentOf(other.id), 'the next report', LIMIT_MS);
    assert.deepEqual([incident.occurrences, incident.errorIds], [2, [event.id, other.id]]);
  });

  it('takes up the attempt of a supervisor that was killed in the middle of it, and does nothing twice', async () => {
    let release = (_works: boolean) => {};
    osc.react = ({ verb }: RecoveryCommand) =>
      verb !== 'reconnect' ||
      new Promise((resolve) => {
        release = resolve;
      });
    const event = report('OSC_CONNECTION_LOST');
    await waitFor(() => osc.did.length === 1, 'the command', LIMIT_MS);
    await supervisor.kill();
    await supervisor.start();
    release(true);
    const incident = await untilState(event.id, 'resolved');
    const [attempt] = incident.attempts;
    assert.deepEqual(
      osc.did.map(({ id, verb }) => ({ id, verb })),
      [
        { id: `${attempt?.commandId}-0`, verb: 'reconnect' },
        { id: `${attempt?.commandId}-probe`, verb: 'probe' },
      ],
    );
    assert.equal(incident.attempts.length, 1);
    assert.equal(incident.occurrences, 1);
  });

  it('goes on with slow probing after a kill, and finds the peer', async () => {
    let running = false;
    osc.react = () => running;
    const event = report('OSC_CONNECTION_LOST');
    const degraded = await untilState(event.id, 'degraded');
    await supervisor.kill();
    await supervisor.start();
    assert.deepEqual(await supervisor.incidentOf(event.id), degraded);
    running = true;
    const { attempts } = await untilState(event.id, 'resolved');
    assert.deepEqual(
      attempts.map(({ label, verified }) => `${label} ${verified}`),
      ['reconnect:1 false', 'reconnect:2 false', 'reconnect:3 false', 'watch true'],
    );
  });

  it('keeps a malformed event for inspection, counts it, and goes on', async () => {
    osc.bus.enqueueError({ ...freshEvent('OSC_CONNECTION_LOST'), code: 'no code at all' });
    await waitFor(() => supervisor.rejected().length > 0, 'the kept message', LIMIT_MS);
    assert.match(supervisor.rejected().join(), /no code at all/);
    assert.equal(await supervisor.metric('understudy_bad_input_total{edge="nats",reason="schema"'), 1);
    await untilState(report('OSC_CONNECTION_LOST').id, 'resolved');
  });

  it('keeps the steps of a time without NATS on disk and sends them afterwards, once', async () => {
    let running = false;
    osc.react = () => running;
    const event = report('OSC_CONNECTION_LOST');
    const { id } = await untilState(event.id, 'degraded');
    await nats.kill();
    const bus = await waitFor(
      async () => {
        const { incidents } = await supervisor.get<{ incidents: Incident[] }>('/v1/incidents?state=degraded');
        return incidents.find(({ code }) => code === 'BUS_UNAVAILABLE');
      },
      'the incident of the bus itself',
      LIMIT_MS,
    );
    const during = report('OSC_SEND_FAILED');
    await nats.start();
    await waitFor(() => supervisor.incidentOf(during.id), 'the error of the outage', LIMIT_MS);
    running = true;
    await untilState(during.id, 'resolved');
    await waitFor(
      async () =>
        (await supervisor.get<{ incident: Incident }>(`/v1/incidents/${bus.id}`)).incident.state === 'resolved',
      'the bus',
      LIMIT_MS,
    );

    const [story, storyOfBus] = [await supervisor.storyOf(id), await supervisor.storyOf(bus.id)];
    const records = await waitFor(
      async () => {
        const all = await readStream();
        const steps = (incidentId: string) =>
          all.filter((record) => record.incidentId === incidentId).flatMap((record) => record.steps);
        return steps(id).length === story.length && steps(bus.id).length === storyOfBus.length ? all : undefined;
      },
      'the stream to have every step',
      LIMIT_MS,
    );
    assert.equal(new Set(records.map((record) => record.id)).size, records.length, 'a record twice');
    assert.equal(story.filter((text) => text.startsWith('OSC_SEND_FAILED joined')).length, 1);
    await supervisor.kill();
    await supervisor.start();
    assert.deepEqual(
      [await supervisor.storyOf(id), await supervisor.storyOf(bus.id)],
      [story, storyOfBus],
      'the same after a start',
    );
  });

  it('drains when it is asked to, and the next one goes on', async () => {
    osc.react = () => false;
    const event = report('OSC_CONNECTION_LOST');
    const { id } = await untilState(event.id, 'degraded');
    assert.equal(await supervisor.drain(), 0);
    await supervisor.start();
    assert.equal((await supervisor.incidentOf(event.id))?.state, 'degraded');
    assert.equal((await supervisor.post(`/v1/incidents/${id}/acknowledge`)).status, 200);
    assert.equal((await supervisor.incidentOf(event.id))?.acknowledged, true);
  });
});
