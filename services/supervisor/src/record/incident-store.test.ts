import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Incident, IncidentStep } from '@understudy/shared/contracts';
import { INCIDENT_RETENTION_MS } from '@understudy/shared/messaging';
import { isoAt, makeEvent, T0 } from '../testing/error-events.ts';
import { openIncident } from '../testing/incidents.ts';
import { createMemoryLog } from '../testing/memory-log.ts';
import { createIncidentStore } from './incident-store.ts';

const opening = (incident: Incident): IncidentStep => ({
  type: 'opened',
  at: incident.openedAt,
  incident,
  errorId: incident.errorIds[0] ?? '',
});
const resolved = (ms = T0): IncidentStep => ({ type: 'resolved', at: isoAt(ms), reason: 'proved' });
const occurred = (n: number): IncidentStep => ({ type: 'occurred', at: isoAt(T0), errorId: `occurred-${n}` });

const createStore = (log = createMemoryLog(), now = () => T0) => ({ log, store: createIncidentStore(log, now) });

describe('the incident store', () => {
  it('projects at once and tells its listeners when the stream has it', async () => {
    let written = () => {};
    const store = createIncidentStore(
      {
        append: () =>
          new Promise((resolve) => {
            written = resolve;
          }),
        readRecords: async () => [],
      },
      () => T0,
    );
    const told: string[] = [];
    store.onStep((incident, step) => told.push(`${step.type} ${incident.state}`));
    const incident = openIncident('LLM_TIMEOUT');
    const appended = store.append(incident.id, [opening(incident)]);
    assert.deepEqual([store.get(incident.id)?.state, told], ['open', []]);
    written();
    await appended;
    assert.deepEqual(told, ['opened open']);
  });

  it('tells what to do in the commands of this mode, also of a cause that joined', async () => {
    const store = createIncidentStore(
      createMemoryLog(),
      () => T0,
      (text) => text.replace('`understudy', '`npx understudy'),
    );
    const { root: _root, ...incident } = openIncident('LLM_TIMEOUT');
    const opened = await store.append(incident.id, [opening({ ...incident, summary: 'See `understudy status`.' })]);
    assert.equal(opened.summary, 'See `npx understudy status`.');
    const joined = await store.append(incident.id, [
      {
        type: 'joined',
        at: isoAt(T0),
        errorId: 'joined-01',
        fingerprint: 'llm-service/LLM_BAD_KEY/primary',
        code: 'LLM_BAD_KEY',
        severity: 'CRITICAL',
        needsOperator: true,
      },
    ]);
    assert.match(joined.remedy, /, then `npx understudy reload`\.$/);
  });

  it('refuses steps of an incident that nobody opened', async () => {
    const { store, log } = createStore();
    await assert.rejects(
      store.append('incident-1', [resolved()]),
      /incident incident-1 is unknown: its first step must be "opened"/,
    );
    assert.deepEqual(log.records, []);
  });

  it('is the same after a start, each record taken once', async () => {
    const { store, log } = createStore();
    const [first, second] = [openIncident('LLM_TIMEOUT'), openIncident('OSC_CONNECTION_LOST', {}, T0 + 5)];
    await store.append(first.id, [opening(first), occurred(1)]);
    await store.append(second.id, [opening(second)]);
    await store.append(first.id, [resolved()]);
    const again = createIncidentStore(createMemoryLog([...log.records, ...log.records]), () => T0);
    await again.load();
    assert.deepEqual(again.list(), store.list());
    assert.deepEqual(again.stepsOf(first.id), store.stepsOf(first.id));
    assert.deepEqual(again.history, store.history);
    assert.deepEqual(
      store.list().map(({ id }) => id),
      [second.id, first.id],
      'newest first',
    );
    assert.deepEqual(
      store.open().map(({ id }) => id),
      [second.id],
    );
  });

  it('lists what is open before what is over, however old it is', async () => {
    const { store } = createStore();
    const old = openIncident('LLM_TIMEOUT', { id: 'error-old' }, T0);
    const young = openIncident('CV_SOURCE_LOST', { id: 'error-young' }, T0 + 60_000);
    await store.append(old.id, [opening(old)]);
    await store.append(young.id, [opening(young), resolved()]);
    assert.deepEqual(
      store.list().map(({ id }) => id),
      [old.id, young.id],
    );
  });

  it('keeps what it recorded before NATS came, once', async () => {
    const { store, log } = createStore();
    const incident = openIncident('BUS_UNAVAILABLE');
    await store.append(incident.id, [opening(incident), occurred(1)]);
    await store.load();
    assert.equal(log.records.length, 1);
    assert.equal(store.get(incident.id)?.occurrences, 2);
  });

  it('finds incidents by the errors that belong to them', async () => {
    const { store } = createStore();
    const incident = openIncident('LLM_TIMEOUT');
    await store.append(incident.id, [opening(incident), occurred(7)]);
    assert.deepEqual(
      store.findByError('occurred-7').map(({ id }) => id),
      [incident.id],
    );
    assert.deepEqual(store.findByError('error-unknown'), []);
  });

  it('writes every old open incident again as a whole, once a call, and no other', async () => {
    const log = createMemoryLog();
    let now = T0;
    const { store } = createStore(log, () => now);
    const [old, done] = [openIncident('CONFIGURATION_INVALID'), openIncident('LLM_TIMEOUT')];
    await store.append(old.id, [opening(old)]);
    await store.append(done.id, [opening(done), resolved()]);
    now = T0 + INCIDENT_RETENTION_MS * 0.79;
    await store.snapshotOld();
    assert.equal(log.records.length, 2);
    now = T0 + INCIDENT_RETENTION_MS * 0.8;
    await store.snapshotOld();
    assert.deepEqual(log.records.at(2)?.steps, [{ type: 'snapshot', at: isoAt(now), incident: old }]);
    assert.equal(log.records.length, 3);
    const fromSnapshot = createIncidentStore(createMemoryLog(log.records.slice(2)), () => now);
    await fromSnapshot.load();
    assert.deepEqual(fromSnapshot.get(old.id), store.get(old.id));
  });

  it('remembers a thousand resolved incidents and every open one', async () => {
    const { store } = createStore();
    const open = openIncident('OSC_CONNECTION_LOST');
    await store.append(open.id, [opening(open)]);
    for (let n = 0; n < 1003; n += 1) {
      const incident = openIncident('LLM_TIMEOUT', { subject: `provider-${n}` });
      await store.append(incident.id, [opening(incident), resolved()]);
    }
    assert.equal(store.list().length, 1001);
    assert.equal(store.history.resolvedByFingerprint.size, 1000);
    assert.ok(store.get(open.id));
  });

  it('remembers how a long story began and how it goes on', async () => {
    const { store } = createStore();
    const incident = openIncident('LLM_TIMEOUT');
    await store.append(incident.id, [opening(incident)]);
    for (let n = 0; n < 1500; n += 1) await store.append(incident.id, [occurred(n)]);
    const story = store.stepsOf(incident.id);
    assert.deepEqual([story.length, story[0]?.type, story.at(-1)], [1000, 'opened', occurred(1499)]);
    assert.equal(store.get(incident.id)?.occurrences, 1501);
  });
});

describe('the history index', () => {
  it('counts a recurrence for as long as it says something', async () => {
    const { store } = createStore();
    const event = makeEvent('LLM_TIMEOUT', { subject: 'primary' });
    for (const age of [700_000, 30_000, 20_000, 10_000]) store.noteOccurrence(event, T0 - age);
    assert.deepEqual(
      [...store.history.occurrences],
      [['llm-service/LLM_TIMEOUT/primary', [T0 - 30_000, T0 - 20_000, T0 - 10_000]]],
    );
    for (let n = 0; n < 6000; n += 1) store.noteOccurrence(makeEvent('LLM_TIMEOUT', { subject: `p${n}` }), T0);
    assert.equal(store.history.occurrences.size, 5000);
  });

  it('gives a capability back to its own incident when the root that covered it is resolved', async () => {
    const { store } = createStore();
    const hear = openIncident('AUDIO_DEVICE_LOST', { subject: 'headset' });
    const silent = openIncident('SERVICE_SILENT', { service: 'audio-gateway' });
    await store.append(hear.id, [opening(hear)]);
    const joined: IncidentStep = {
      type: 'joined',
      at: isoAt(T0),
      errorId: 'error-joined',
      fingerprint: 'audio-gateway/TRANSCRIPTION_TIMEOUT',
      code: 'TRANSCRIPTION_TIMEOUT',
      severity: 'WARNING',
      needsOperator: false,
      capability: 'hear',
    };
    await store.append(silent.id, [opening(silent), joined]);
    assert.equal(store.history.openByCapability.get('hear')?.id, hear.id);
    assert.equal(store.history.openByFingerprint.get('audio-gateway/TRANSCRIPTION_TIMEOUT')?.id, silent.id);
    await store.append(silent.id, [resolved()]);
    assert.equal(store.history.openByCapability.get('hear')?.id, hear.id);
    assert.deepEqual([...store.history.openByFingerprint.keys()], [hear.fingerprint]);
  });

  it('takes the proof of another provider for none of the one that failed', async () => {
    const { store } = createStore();
    const incident = openIncident('LLM_TIMEOUT');
    const chain: IncidentStep = {
      type: 'attempt_finished',
      at: isoAt(T0),
      durationMs: 0,
      attempt: {
        attempt: 1,
        commandId: 'command-chain',
        label: 'chain',
        strategy: 'cache_fallback',
        commands: [],
        probe: { what: 'provider-answers' },
        startedAt: isoAt(T0),
        outcome: 'done',
        verified: true,
      },
    };
    await store.append(incident.id, [opening(incident), chain]);
    assert.deepEqual(store.history.openByFingerprint.get(incident.fingerprint)?.proved, new Set());
  });

  it('knows which cause was proved to work while the incident stays open', async () => {
    const { store } = createStore();
    const incident = openIncident('LLM_TIMEOUT', { subject: 'primary' });
    const finish = (subject: string, verified: boolean): IncidentStep => ({
      type: 'attempt_finished',
      at: isoAt(T0),
      durationMs: 0,
      attempt: {
        attempt: 1,
        commandId: `command-${subject}-${verified}`,
        label: `return:${subject}`,
        strategy: 'cache_fallback',
        commands: [],
        probe: { what: 'provider-answers', subject },
        startedAt: isoAt(T0),
        outcome: 'done',
        verified,
      },
    });
    const proved = () => [...(store.history.openByFingerprint.get(incident.fingerprint)?.proved ?? [])];
    await store.append(incident.id, [opening(incident), finish('backup', true)]);
    assert.deepEqual(proved(), []);
    await store.append(incident.id, [finish('primary', true)]);
    assert.deepEqual(proved(), [incident.fingerprint]);
    await store.append(incident.id, [finish('primary', false)]);
    assert.deepEqual(proved(), []);
  });
});
