import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ErrorEvent } from '@understudy/shared/contracts';
import { createSeenIds } from './intake/seen-ids.ts';
import { createPipeline } from './pipeline.ts';
import { isoAt, makeEvent, T0 } from './testing/error-events.ts';
import { createFakeOwners, type React } from './testing/fake-owners.ts';
import { createRecoveryHouse, type HouseOptions, wholeStory } from './testing/recovery-house.ts';

const HOUR_MS = 3_600_000;

function createSupervisor(react: React = () => true, options: HouseOptions = {}) {
  const house = createRecoveryHouse({ owners: createFakeOwners(react), ...options });
  const told: string[] = [];
  const decisions: string[] = [];
  const handle = createPipeline({
    seen: createSeenIds(),
    record: house.store,
    recover: house.executor,
    notify: ({ kind, name }) => void told.push(`${kind} ${name}`),
    policy: () => ({ reopenWithinMs: 600_000 }),
    now: house.clock.now,
    onDecision: (_error, { type }) => void decisions.push(type),
  });
  const report = async (code: string, own: Partial<ErrorEvent> = {}) => {
    await handle(makeEvent(code, own));
    await house.clock.advance(0);
  };
  return { ...house, handle, report, told, decisions };
}

describe('the pipeline', () => {
  it('tells one error’s whole story, from the failing part to the verified recovery', async () => {
    const supervisor = createSupervisor();
    await supervisor.handle(makeEvent('OSC_CONNECTION_LOST', { message: 'no echo for 5 s' }), 'the-trace');
    await supervisor.clock.advance(0);
    const [incident] = supervisor.store.list();
    assert.ok(incident);
    assert.deepEqual(wholeStory(supervisor.store, incident.id), [
      'Detected OSC_CONNECTION_LOST (ERROR): VRChat gives no sign that it receives OSC. no echo for 5 s',
      'Decided: reconnect_retry, because OSC_CONNECTION_ERROR is treated by reconnect_retry',
      'Attempt 1 (reconnect:1): reconnect at osc-bridge, to be proved by probe osc-echo',
      'Attempt 1 (reconnect:1) done, proved by probe osc-echo: osc-bridge probe osc-echo',
      'Verified and resolved: osc-echo proved it',
    ]);
    assert.deepEqual(
      supervisor.log.records.map(({ steps }) => steps.map(({ type }) => type)),
      [['opened', 'decided', 'attempt_started'], ['attempt_finished'], ['resolved']],
    );
    assert.equal(incident.traceparent, 'the-trace');
    assert.deepEqual(supervisor.told, ['opened OSC_CONNECTION_LOST', 'resolved OSC_CONNECTION_LOST']);
  });

  it('handles an event once, however often it comes', async () => {
    const supervisor = createSupervisor(() => false);
    const event = makeEvent('OSC_CONNECTION_LOST');
    await Promise.all([supervisor.handle(event), supervisor.handle(event)]);
    await supervisor.handle(event);
    const [incident] = supervisor.store.list();
    assert.deepEqual([supervisor.store.list().length, incident?.occurrences, supervisor.decisions], [1, 1, ['open']]);
  });

  it('decides about two errors of the same moment one after the other', async () => {
    const supervisor = createSupervisor(() => false);
    await Promise.all([
      supervisor.report('LLM_TIMEOUT', { subject: 'primary' }),
      supervisor.report('LLM_STALLED', { subject: 'primary' }),
      supervisor.report('LLM_TIMEOUT', { subject: 'primary' }),
    ]);
    assert.deepEqual(supervisor.decisions, ['open', 'join', 'repeat']);
    assert.equal(supervisor.store.list().length, 1);
  });

  it('lets no flood of the same report keep its recovery from looking', async () => {
    let running = false;
    const supervisor = createSupervisor(() => running);
    await supervisor.report('OSC_CONNECTION_LOST');
    await supervisor.clock.advance(20_000);
    running = true;
    for (let second = 0; second < 6; second += 1) {
      await supervisor.report('OSC_CONNECTION_LOST');
      await supervisor.clock.advance(1000);
    }
    assert.ok(supervisor.decisions.includes('reopen'), 'it was resolved in the middle of the flood');
  });

  it('hears what could not be written once more', async () => {
    const supervisor = createSupervisor();
    const { append } = supervisor.log;
    Object.assign(supervisor.log, { append: () => Promise.reject(new Error('the disk is full')) });
    const event = makeEvent('OSC_CONNECTION_LOST');
    await assert.rejects(supervisor.handle(event), /the disk is full/);
    assert.deepEqual(supervisor.commands(), [], 'nothing is done that is not written');
    Object.assign(supervisor.log, { append });
    await supervisor.handle(event);
    await supervisor.clock.advance(0);
    assert.deepEqual(
      supervisor.store.list().map(({ state }) => state),
      ['resolved'],
    );
  });

  it('only counts what is no outage', async () => {
    const supervisor = createSupervisor();
    await supervisor.report('LLM_REFUSAL');
    assert.deepEqual([supervisor.decisions, supervisor.log.records, supervisor.told], [['record_only'], [], []]);
  });

  it('treats failures of different capabilities side by side', async () => {
    const supervisor = createSupervisor(() => false);
    await supervisor.report('OSC_CONNECTION_LOST');
    await supervisor.report('CV_CHILD_CRASHED');
    await supervisor.report('LLM_TIMEOUT', { subject: 'primary' });
    await supervisor.clock.advance(20_000);
    assert.deepEqual(
      supervisor.store
        .list()
        .map(({ code, degradedBy }) => `${code} ${degradedBy}`)
        .toSorted(),
      ['CV_CHILD_CRASHED feature_off', 'LLM_TIMEOUT cache_or_pattern', 'OSC_CONNECTION_LOST no_act'],
    );
  });

  it('spends the restart budget across reopenings, then switches off, then tries again', async () => {
    let works = true;
    const supervisor = createSupervisor(() => works);
    for (let crash = 1; crash <= 4; crash += 1) {
      if (crash === 4) works = false;
      await supervisor.report('CV_CHILD_CRASHED');
      await supervisor.clock.advance(10_000);
    }
    assert.deepEqual(supervisor.decisions, ['open', 'reopen', 'reopen', 'reopen']);
    const [incident] = supervisor.store.list();
    assert.equal(incident?.degradedBy, 'feature_off');
    assert.equal(supervisor.commands().filter((command) => command === 'cv-service restart-child').length, 3);
    works = true;
    await supervisor.clock.advance(30_000);
    assert.equal(supervisor.store.list()[0]?.state, 'resolved');
    assert.deepEqual(supervisor.commands().slice(-2), [
      'cv-service set-ceiling see full tried_again',
      'cv-service restart-child',
    ]);
  });

  it('begins anew when the device that serves is lost, and again, and again', async () => {
    const working = new Set(['desk', 'camera']);
    const devices = ['headset', 'desk', 'camera'].map((id) => ({ id, direction: 'input', state: 'available' }));
    const supervisor = createSupervisor((_service, { verb, args }) => {
      if (verb === 'list-devices') return { data: { devices } };
      return verb === 'switch-device' || working.has(String(args['subject']));
    });
    const servedBy = async () => {
      await supervisor.clock.advance(3000);
      return supervisor.store.list()[0]?.degradedBy;
    };
    await supervisor.report('AUDIO_DEVICE_LOST', { subject: 'headset' });
    assert.equal(await servedBy(), 'device:desk');
    for (let round = 1; round <= 3; round += 1) {
      working.delete('desk');
      await supervisor.report('AUDIO_DEVICE_LOST', { subject: 'desk' });
      assert.equal(await servedBy(), 'device:camera', `round ${round}`);
      working.add('desk');
      assert.equal(await servedBy(), 'device:desk', `round ${round}`);
    }
    assert.equal(supervisor.store.list().length, 1);
    working.add('headset');
    await servedBy();
    assert.equal(supervisor.store.list()[0]?.state, 'resolved');
  });

  it('parks a service that loops again after it was resumed', async () => {
    const supervisor = createSupervisor(() => false);
    const loop = () => supervisor.report('SERVICE_CRASH_LOOP', { service: 'cv-service' });
    await loop();
    await loop();
    assert.equal(supervisor.parked.length, 1);
    const [incident] = supervisor.store.list();
    await supervisor.store.append(incident?.id ?? '', [
      { type: 'resumed', at: isoAt(supervisor.clock.now()), by: 'operator' },
    ]);
    await supervisor.clock.advance(5000);
    await loop();
    assert.deepEqual(
      supervisor.parked.map(({ parked }) => parked.until),
      [isoAt(T0 + 900_000), isoAt(T0 + 5000 + 900_000)],
    );
    await supervisor.clock.advance(HOUR_MS);
    await loop();
    assert.equal(supervisor.parked.length, 3, 'and after its parking time ended');
  });

  it('keeps going after a restart of the supervisor, and decides as if there had been none', async () => {
    const before = createSupervisor(() => false);
    await before.report('OSC_CONNECTION_LOST');
    await before.clock.advance(60_000);
    before.executor.stop();
    const after = createSupervisor(() => true, { log: before.log, clock: before.clock });
    await after.store.load();
    after.executor.resumeAll();
    await after.report('OSC_CONNECTION_LOST');
    assert.deepEqual(after.decisions, ['repeat']);
    await after.clock.advance(5000);
    assert.deepEqual(
      after.store.list().map(({ state, occurrences }) => ({ state, occurrences })),
      [{ state: 'resolved', occurrences: 2 }],
    );
  });
});
