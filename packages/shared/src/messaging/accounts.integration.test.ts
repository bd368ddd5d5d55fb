import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { subjectsOf } from '../contracts/index.ts';
import { startNats, type TestNats } from '../testing/start-nats.ts';
import { createHub, type Hub } from './hub-bus.ts';

const subjects = subjectsOf('main');
const KV = `$KV.${subjects.bucket}`;

/** What a compromised service would try: to be another service, to write another's keys, to have the server write or purge for it. */
const ATTACKS: readonly { name: string; subject: string; reply?: string }[] = [
  { name: "another service's error", subject: subjects.error('osc-bridge') },
  { name: "another service's heartbeat", subject: subjects.heartbeat('osc-bridge') },
  { name: "another service's command", subject: subjects.command('osc-bridge', 'reconnect') },
  { name: "another service's key", subject: `${KV}.osc-bridge.observed` },
  { name: "the supervisor's key", subject: `${KV}.supervisor.mode` },
  { name: 'an incident', subject: subjects.incident('forged-incident') },
  { name: 'the mode', subject: subjects.mode },
  { name: 'a purge', subject: `$JS.API.STREAM.PURGE.${subjects.incidentStream}` },
  { name: 'a deletion', subject: `$JS.API.STREAM.DELETE.${subjects.incidentStream}` },
  { name: 'a consumer', subject: `$JS.API.CONSUMER.CREATE.${subjects.errorStream}` },
  {
    name: 'a purge by reply',
    subject: subjects.error('cv-service'),
    reply: `$JS.API.STREAM.PURGE.${subjects.incidentStream}`,
  },
  {
    name: 'a command by reply',
    subject: subjects.error('cv-service'),
    reply: subjects.command('osc-bridge', 'reconnect'),
  },
  { name: 'a key by reply', subject: `${KV}.cv-service.observed`, reply: `${KV}.supervisor.mode` },
  {
    name: 'an incident by reply of a direct get',
    subject: `$JS.API.DIRECT.GET.KV_${subjects.bucket}.${KV}.cv-service.observed`,
    reply: subjects.incident('forged-incident'),
  },
  {
    name: 'a command by reply of a direct get',
    subject: `$JS.API.DIRECT.GET.KV_${subjects.bucket}.${KV}.cv-service.observed`,
    reply: subjects.command('osc-bridge', 'reconnect'),
  },
];

describe('the accounts of the bus', () => {
  let nats: TestNats;
  let hub: Hub;
  let victim: NatsConnection;
  let attacker: NatsConnection;
  let watcher: NatsConnection;
  const heardByVictim: string[] = [];
  const heardByHub: string[] = [];

  const as = (service: 'osc-bridge' | 'cv-service' | 'supervisor') =>
    connect({ servers: nats.url, user: service, pass: nats.passwords[service] });
  const counts = async () => {
    const jsm = await jetstreamManager(watcher);
    const streams = await Promise.all(
      [subjects.errorStream, subjects.incidentStream, `KV_${subjects.bucket}`].map((name) => jsm.streams.info(name)),
    );
    return streams.map(({ state }) => state.messages);
  };

  before(async () => {
    nats = await startNats();
    hub = createHub({
      bot: 'main',
      address: nats.address('supervisor'),
      spoolFile: join(mkdtempSync(join(tmpdir(), 'spool-')), 'spool.jsonl'),
      onRejected: () => {},
      onHandlerError: () => {},
    });
    await hub.ready;
    watcher = await as('supervisor');
    victim = await as('osc-bridge');
    attacker = await as('cv-service');
    victim.subscribe('>', { callback: (_error, { subject }) => void heardByVictim.push(subject) });
    watcher.subscribe('understudy.>', { callback: (_error, { subject }) => void heardByHub.push(subject) });
    await hub.append({
      id: 'record-0001',
      incidentId: 'incident-1',
      steps: [{ type: 'acknowledged', at: '2026-11-24T12:00:00.000Z', by: 'test' }],
    });
    await hub.writeKey('supervisor.mode', { mode: 'full' });
    await Promise.all([victim.flush(), watcher.flush()]);
  });
  after(async () => {
    await Promise.all([attacker, victim, watcher].map((connection) => connection.close()));
    await hub.close();
    await nats.stop();
  });

  for (const { name, subject, reply } of ATTACKS) {
    it(`refuses ${name}`, async () => {
      heardByVictim.length = 0;
      heardByHub.length = 0;
      const [, incidents, keys] = await counts();
      attacker.publish(subject, JSON.stringify({ forged: true }), reply ? { reply } : {});
      await attacker.flush();
      // What travels from the attacker to the server's stream and back is over once a message sent afterwards has been stored.
      await hub.writeKey('supervisor.fence', { name });
      await Promise.all([victim.flush(), watcher.flush()]);
      const [, incidentsAfter, keysAfter] = await counts();
      const fence = 1;
      assert.equal(incidentsAfter, incidents);
      assert.ok((keysAfter ?? 0) <= (keys ?? 0) + fence + 1, 'only its own key and the fence may be new');
      assert.deepEqual(await hub.readKey('supervisor.mode'), { mode: 'full' });
      assert.deepEqual(heardByVictim, []);
      const forged = heardByHub.filter((heard) => !heard.endsWith('.cv-service'));
      assert.deepEqual(forged, []);
    });
  }

  it('refuses a roll-up that would drop the other keys', async () => {
    const map = headers();
    map.set('Nats-Rollup', 'all');
    attacker.publish(`${KV}.cv-service.observed`, '{}', { headers: map });
    await attacker.flush();
    await hub.writeKey('supervisor.fence', { name: 'rollup' });
    assert.deepEqual(await hub.readKey('supervisor.mode'), { mode: 'full' });
  });

  it('refuses a wrong password', async () => {
    await assert.rejects(connect({ servers: nats.url, user: 'supervisor', pass: 'guess' }), {
      name: 'AuthorizationError',
    });
  });
});
