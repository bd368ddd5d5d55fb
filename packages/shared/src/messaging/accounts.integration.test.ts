import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { connect, createInbox, headers, type NatsConnection } from '@nats-io/transport-node';
import {
  SERVICE_NAMES,
  type ServiceName,
  SUPERVISED_SERVICES,
  type SupervisedService,
  subjectsOf,
} from '../contracts/index.ts';
import { startNats, type TestNats } from '../testing/start-nats.ts';
import { createHub, type Hub } from './hub-bus.ts';

const subjects = subjectsOf('main');
const KV = `$KV.${subjects.bucket}`;
/** The attacker's own, which it may read. */
const OWN_KEY = `$JS.API.DIRECT.GET.KV_${subjects.bucket}.${KV}.cv-service.observed`;

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
    subject: OWN_KEY,
    reply: subjects.incident('forged-incident'),
  },
  {
    name: 'a command by reply of a direct get',
    subject: OWN_KEY,
    reply: subjects.command('osc-bridge', 'reconnect'),
  },
];

/** What a curious one would ask the server for. */
const QUESTIONS: readonly { name: string; subject: string; body?: object }[] = [
  {
    name: "another service's key",
    subject: `$JS.API.DIRECT.GET.KV_${subjects.bucket}.${KV}.osc-bridge.observed`,
  },
  { name: 'any key by its number', subject: `$JS.API.DIRECT.GET.KV_${subjects.bucket}`, body: { seq: 1 } },
  { name: 'a record', subject: `$JS.API.STREAM.MSG.GET.${subjects.incidentStream}`, body: { seq: 1 } },
  { name: 'a record directly', subject: `$JS.API.DIRECT.GET.${subjects.incidentStream}`, body: { seq: 1 } },
  { name: "the errors' state", subject: `$JS.API.STREAM.INFO.${subjects.errorStream}` },
  { name: "the server's state", subject: '$SYS.REQ.SERVER.PING.VARZ' },
  { name: 'the names of the streams', subject: '$JS.API.STREAM.NAMES' },
  {
    name: 'a consumer of the incidents',
    subject: `$JS.API.CONSUMER.CREATE.${subjects.incidentStream}`,
    body: { stream_name: subjects.incidentStream, config: { ack_policy: 'none', deliver_policy: 'all' } },
  },
  {
    name: "the supervisor's next error",
    subject: `$JS.API.CONSUMER.MSG.NEXT.${subjects.errorStream}.supervisor`,
    body: { batch: 1, no_wait: true },
  },
];

/** What each service's account lets it hear, whoever speaks; commands and answers to it aside. */
const HEARS: Record<SupervisedService, readonly string[]> = {
  'audio-gateway': [subjects.delivery('osc-bridge'), subjects.mode, subjects.reply],
  'osc-bridge': [subjects.mode, subjects.reply],
  'llm-service': [
    subjects.delivery('audio-gateway'),
    subjects.delivery('osc-bridge'),
    subjects.input,
    subjects.mode,
    subjects.observation,
    subjects.utterance,
  ],
  'cv-service': [subjects.mode],
};

describe('the accounts of the bus', () => {
  let nats: TestNats;
  let hub: Hub;
  let victim: NatsConnection;
  let attacker: NatsConnection;
  let watcher: NatsConnection;
  const heardByVictim: string[] = [];
  const heardByHub: string[] = [];

  const as = (service: ServiceName) => connect({ servers: nats.url, user: service, pass: nats.passwords[service] });
  /** All that an attack must leave as it is: the incidents, and every key but the attacker's own. */
  const treasure = async () => {
    const jsm = await jetstreamManager(watcher);
    const bucket = await new Kvm(jetstream(watcher)).open(subjects.bucket);
    const keys: Record<string, string | undefined> = {};
    for await (const key of await bucket.keys()) keys[key] = (await bucket.get(key))?.string();
    const { 'cv-service.observed': _own, 'supervisor.fence': _fence, ...others } = keys;
    return { incidents: (await jsm.streams.info(subjects.incidentStream)).state, keys: others };
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
    await jetstream(victim).publish(`${KV}.osc-bridge.observed`, '{"act":"full"}');
    await jetstream(victim).publish(subjects.error('osc-bridge'), '{}');
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
      const before = await treasure();
      attacker.publish(subject, JSON.stringify({ forged: true }), reply ? { reply } : {});
      await attacker.flush();
      // What travels from the attacker to the server's stream and back is over once a message sent afterwards has been stored.
      await hub.writeKey('supervisor.fence', { name });
      await Promise.all([victim.flush(), watcher.flush()]);
      assert.deepEqual(await treasure(), before);
      assert.deepEqual(heardByVictim, []);
      const forged = heardByHub.filter((heard) => !heard.endsWith('.cv-service'));
      assert.deepEqual(forged, []);
    });
  }

  for (const { name, subject, body } of QUESTIONS) {
    it(`does not tell ${name}`, async () => {
      const told: string[] = [];
      const reply = createInbox();
      // 503: the server says that nobody is there to answer.
      attacker.subscribe(reply, {
        callback(_error, message) {
          if (message.headers?.code !== 503) told.push(message.string());
        },
      });
      attacker.publish(subject, body ? JSON.stringify(body) : '', { reply });
      // Its own key, which it may read, is asked for afterwards: what was to come came before that answer.
      for (let i = 0; i < 3; i += 1) await attacker.request(OWN_KEY, '', { timeout: 20_000 });
      await hub.writeKey('supervisor.fence', { name });
      await attacker.flush();
      const answers = told.filter(
        (text) =>
          !text.includes('"JetStream not enabled for account"') &&
          !text.includes('"jetstream not enabled for account"'),
      );
      assert.deepEqual(answers, []);
    });
  }

  it('lets each service hear only what the pipeline says to it', async () => {
    const everything = SERVICE_NAMES.flatMap((service) => [
      subjects.error(service),
      subjects.heartbeat(service),
      subjects.delivery(service),
      ...SUPERVISED_SERVICES.map((other) => subjects.command(other, 'reconnect')),
      subjects.incident('incident-2'),
      subjects.input,
      subjects.utterance,
      subjects.reply,
      subjects.observation,
      subjects.mode,
      `${KV}.${service}.observed`,
    ]);
    for (const listener of SUPERVISED_SERVICES) {
      const heard = new Set<string>();
      const ear = await as(listener);
      ear.subscribe('>', { callback: (_error, { subject }) => void heard.add(subject) });
      await ear.flush();
      for (const speaker of SERVICE_NAMES.filter((name) => name !== listener)) {
        const mouth = await as(speaker);
        for (const subject of everything) mouth.publish(subject, '{}');
        await mouth.flush();
        await mouth.close();
      }
      await ear.flush();
      const commands = (subject: string) => subject.startsWith(`understudy.main.command.${listener}.`);
      assert.deepEqual([...heard].filter((subject) => !commands(subject)).sort(), HEARS[listener], listener);
      await ear.close();
    }
  });

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
