import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { ErrorEvent, IncidentRecord, RecoveryCommand, Reply } from '../contracts/index.ts';
import { startNats, type TestNats } from '../testing/start-nats.ts';
import { waitFor } from '../testing/wait-for.ts';
import type { Bus } from './bus.ts';
import { createHub, type Hub } from './hub-bus.ts';
import type { RejectedMessage } from './rejected-messages.ts';
import { createServiceBus } from './service-bus.ts';

const event = (id: string): ErrorEvent => ({
  id,
  service: 'osc-bridge',
  instanceId: 'instance-1',
  version: '0.1.0',
  code: 'OSC_CONNECTION_LOST',
  message: 'no echo',
  occurredAt: '2026-11-24T12:00:00.000Z',
  context: {},
});

const fail = (error: unknown) => {
  throw error;
};

describe('the buses on a real NATS', () => {
  let nats: TestNats;
  let hub: Hub;
  let osc: Bus;
  let llm: Bus;
  let rejected: RejectedMessage[];
  const open: { close(): Promise<void> }[] = [];

  const serviceBus = (
    service: 'osc-bridge' | 'llm-service',
    outboxFile = join(mkdtempSync(join(tmpdir(), 'outbox-')), 'outbox.jsonl'),
  ) => {
    const bus = createServiceBus({
      bot: 'main',
      service,
      address: nats.address(service),
      outboxFile,
      observed: () => ({ act: { level: 'full', by: 'vrchat' } }),
      onRejected: (message) => rejected.push(message),
      onOutboxDropped: () => fail(new Error('dropped')),
      onHandlerError: fail,
    });
    open.push(bus);
    return bus;
  };
  const openHub = (spoolFile = join(mkdtempSync(join(tmpdir(), 'spool-')), 'spool.jsonl')) => {
    const made = createHub({
      bot: 'main',
      address: nats.address('supervisor'),
      spoolFile,
      onRejected: (message) => rejected.push(message),
      onHandlerError: () => {},
    });
    open.push(made);
    return made;
  };
  const connected = (bus: { isConnected(): boolean }) => waitFor(() => bus.isConnected(), 'the connection');

  before(async () => {
    nats = await startNats();
  });
  after(() => nats.stop());
  beforeEach(async () => {
    rejected = [];
    hub = openHub();
    osc = serviceBus('osc-bridge');
    llm = serviceBus('llm-service');
    await hub.ready;
    await Promise.all([osc, llm].map(connected));
  });
  afterEach(async () => {
    for (const bus of open.splice(0)) await bus.close();
  });

  it('carries an error once, acknowledged only when it was handled', async () => {
    const heard: string[] = [];
    let failures = 1;
    hub.consumeErrors(async ({ id }) => {
      heard.push(id);
      if (failures-- > 0) throw new Error('a crash in the middle');
    });
    osc.enqueueError(event('error-one-1'));
    await waitFor(() => heard.length === 2, 'the redelivery');
    assert.deepEqual(heard, ['error-one-1', 'error-one-1']);
    await waitFor(() => osc.outboxPending() === 0, 'the empty outbox');
  });

  it('keeps an event that is none for inspection, and goes on with the next', async () => {
    const heard: string[] = [];
    hub.consumeErrors(async ({ id }) => void heard.push(id));
    osc.enqueueError({ ...event('error-none-1'), occurredAt: 'yesterday' });
    osc.enqueueError(event('error-next-1'));
    await waitFor(() => heard.length > 0, 'the next one');
    assert.deepEqual(heard, ['error-next-1']);
    assert.match(rejected[0]?.reason ?? '', /^\/occurredAt: /);
  });

  it('answers a command once and repeats its first result', async () => {
    let times = 0;
    osc.answerCommands(async ({ id, verb }) => {
      times += 1;
      return { commandId: id, outcome: 'done', detail: `${verb} ${times}`, observed: {} };
    });
    const command: RecoveryCommand = {
      id: 'command-1',
      service: 'osc-bridge',
      verb: 'reconnect',
      args: {},
      deadlineMs: 2000,
    };
    const first = await waitFor(async () => {
      const answer = await hub.request('osc-bridge', command);
      return answer.outcome === 'done' && answer;
    }, 'the responder');
    assert.deepEqual(await hub.request('osc-bridge', command), first);
    assert.equal(times, 1);
    const nobody = await hub.request('cv-service', {
      ...command,
      id: 'command-2',
      service: 'cv-service',
      deadlineMs: 50,
    });
    assert.equal(nobody.outcome, 'unreachable');
  });

  it('carries the pipeline between accounts and drops what does not match', async () => {
    const heard: string[] = [];
    osc.subscribe('reply', ({ text }) => void heard.push(text));
    const reply: Reply = {
      turnId: 'turn-0001',
      seq: 0,
      final: true,
      budgetMs: 1000,
      text: 'Hello!',
      source: 'provider',
      by: 'provider:primary',
      mode: 'full',
      fallbackUsed: false,
      cachedResponseUsed: false,
      errors: [],
      observed: {},
    };
    await waitFor(() => {
      llm.publish('reply', { ...reply, seq: -1 });
      llm.publish('reply', reply);
      return heard.length > 0;
    }, 'the reply');
    assert.equal(heard[0], 'Hello!');
    assert.match(rejected[0]?.reason ?? '', /^\/seq: /);
  });

  it('keeps own keys, reads the supervisor’s, and cannot read another’s', async () => {
    osc.writeKey('osc-bridge.observed', { act: 'full' });
    await waitFor(async () => (await osc.readKey('osc-bridge.observed')) !== undefined, 'the own key');
    await hub.writeKey('supervisor.mode', { mode: 'full' });
    assert.deepEqual(await osc.readKey('supervisor.mode'), { mode: 'full' });
    await assert.rejects(llm.readKey('osc-bridge.observed'), /osc-bridge\.observed did not answer within 1000 ms/);
    assert.deepEqual(await hub.readKey('osc-bridge.observed'), { act: 'full' });
  });

  it('loses no error and no step while NATS is killed, and repeats none', async () => {
    const heard: string[] = [];
    hub.consumeErrors(async ({ id }) => void heard.push(id));
    const record = (id: string): IncidentRecord => ({
      id,
      incidentId: 'incident-1',
      steps: [{ type: 'acknowledged', at: '2026-11-24T12:00:00.000Z', by: id }],
    });
    await hub.append(record('record-0001'));
    await nats.kill();
    await waitFor(() => !osc.isConnected() && !hub.isConnected(), 'the disconnection');
    for (let i = 0; i < 50; i += 1) osc.enqueueError(event(`outage-${i}-x`));
    await hub.append(record('record-0002'));
    await hub.append(record('record-0003'));
    assert.equal(hub.spoolPending(), 2);
    await nats.start();
    await waitFor(() => heard.length >= 50, 'the errors of the outage');
    await waitFor(() => hub.spoolPending() === 0, 'the empty spool');
    assert.deepEqual([...new Set(heard)].length, 50);
    assert.deepEqual(
      (await hub.readRecords()).map(({ id }) => id),
      ['record-0001', 'record-0002', 'record-0003'],
    );
  });

  it('keeps an incident’s record that NATS would never take, and holds nothing up with it', async () => {
    const record = (id: string, by: string): IncidentRecord => ({
      id,
      incidentId: 'incident-1',
      steps: [{ type: 'acknowledged', at: '2026-11-24T12:00:00.000Z', by }],
    });
    await hub.append(record('record-large', 'x'.repeat(300_000)));
    await hub.append(record('record-small', 'somebody'));
    assert.equal(hub.spoolPending(), 0);
    assert.match(rejected[0]?.reason ?? '', /more than the \d+ that NATS takes/);
    assert.ok((await hub.readRecords()).some(({ id }) => id === 'record-small'));
  });

  it('tells how the server and its streams are, and fails while it is away', async () => {
    osc.enqueueError(event('error-in-the-stream'));
    await waitFor(() => osc.outboxPending() === 0, 'the stored error');
    const { memoryBytes, slowConsumers, streams } = await hub.serverState();
    assert.equal(slowConsumers, 0);
    assert.ok(memoryBytes > 1_000_000);
    assert.deepEqual(
      streams.map(({ name }) => name),
      ['ERRORS_main', 'INCIDENTS_main', 'KV_understudy_main'],
    );
    assert.ok((streams[0]?.messages ?? 0) >= 1 && (streams[0]?.bytes ?? 0) > 100);
    await nats.kill();
    await assert.rejects(hub.serverState());
    await nats.start();
    await connected(hub);
  });
});
