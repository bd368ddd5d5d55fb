import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SupervisedService } from '@understudy/shared/contracts';
import { classifyError } from '../classify/classify-error.ts';
import { stepsOf } from '../record/record-decision.ts';
import { makeEvent } from '../testing/error-events.ts';
import { createFakeOwners, type Reaction } from '../testing/fake-owners.ts';
import { createRecoveryHouse, wholeStory } from '../testing/recovery-house.ts';

const MINUTE_MS = 60_000;
const device = (id: string) => ({ id, direction: id === 'speakers' ? 'output' : 'input', state: 'unavailable' });

/** A house whose configuration loses names: a probe of one that it lacks is answered as gone. */
function houseOf(works: (subject: string) => boolean = () => false) {
  const configured = new Set<string>();
  const react = (
    _service: SupervisedService,
    { verb, args }: { verb: string; args: Record<string, unknown> },
  ): Reaction => {
    if (verb === 'list-devices') return { data: { devices: [...configured].map(device) } };
    const subject = args['subject'] ?? args['device'];
    if (subject === undefined) return verb !== 'probe';
    if (!configured.has(String(subject))) return { outcome: 'gone', detail: `there is no ${subject} any more` };
    return works(String(subject));
  };
  const house = createRecoveryHouse({ owners: createFakeOwners(react) });
  return {
    ...house,
    configured,
    async join(id: string, code: string, subject: string) {
      const error = classifyError(makeEvent(code, { subject }), house.store.history, house.clock.now());
      const decision = { type: 'join', incidentId: id, reason: 'a test' } as const;
      const joined = stepsOf(error, decision, house.store.get(id), house.clock.now());
      await house.store.append(id, joined?.steps ?? []);
      house.executor.replan(id);
    },
    async reload(...names: string[]) {
      configured.clear();
      for (const name of names) configured.add(name);
      for (const service of ['audio-gateway', 'llm-service', 'osc-bridge', 'cv-service'] as const)
        house.executor.wake({ service });
      await house.clock.advance(MINUTE_MS);
    },
  };
}

describe('what is no longer configured', () => {
  for (const [code, subject] of [
    ['AUDIO_DEVICE_LOST', 'headset'],
    ['AUDIO_OUTPUT_LOST', 'speakers'],
    ['AUDIO_CLIPPING', 'headset'],
    ['TRANSCRIPTION_TIMEOUT', 'voice'],
    ['SPEECH_ACCOUNT', 'voice'],
    ['LLM_UNREACHABLE', 'primary'],
    ['LLM_BAD_KEY', 'primary'],
    ['OSC_PORT_IN_USE', 'udp:9001'],
    ['OSC_SEND_FAILED', '127.0.0.1:9000'],
    ['CV_SOURCE_LOST', 'folder shots'],
    ['CV_SOURCE_REFUSED', 'obs 127.0.0.1:4455'],
  ] as const)
    it(`ends ${code} of it, and says so`, async () => {
      const { open, incident, configured, clock, reload, store, defects, stillFailing } = houseOf();
      configured.add(subject);
      const { id } = await open(code, { subject });
      await clock.advance(MINUTE_MS);
      assert.notEqual(incident(id).state, 'resolved');
      await reload('renamed');
      const { state, verifiedAt } = incident(id);
      assert.deepEqual({ state, verifiedAt }, { state: 'resolved', verifiedAt: undefined });
      assert.equal(wholeStory(store, id).at(-1), `Ended: there is no ${subject} any more`);
      assert.deepEqual([defects, stillFailing], [[], []]);
    });

  it('leaves what joined it and still fails to a recovery of its own', async () => {
    const { open, join, incident, configured, clock, reload, stillFailing } = houseOf();
    configured.add('headset').add('desk');
    const { id } = await open('AUDIO_DEVICE_LOST', { subject: 'headset' });
    await join(id, 'AUDIO_DEVICE_LOST', 'desk');
    await clock.advance(MINUTE_MS);
    await reload('desk');
    assert.equal(incident(id).state, 'resolved');
    assert.deepEqual(
      stillFailing.map(({ fingerprint }) => fingerprint),
      ['audio-gateway/AUDIO_DEVICE_LOST/desk'],
    );
  });

  for (const [root, joined] of [
    [
      { code: 'AUDIO_PORT_IN_USE', subject: 'udp:6980' },
      { code: 'AUDIO_DEVICE_LOST', subject: 'headset' },
    ],
    [
      { code: 'AUDIO_DEVICE_LOST', subject: 'headset' },
      { code: 'AUDIO_PORT_IN_USE', subject: 'udp:6980' },
    ],
    [
      { code: 'OSC_PORT_IN_USE', subject: 'udp:9001' },
      { code: 'OSC_SEND_FAILED', subject: '127.0.0.1:9000' },
    ],
  ] as const)
    it(`does not prove ${joined.code} by the probe of ${root.code}: each subject has its own`, async () => {
      let freed = '';
      const { open, join, incident, configured, clock, stillFailing, store } = houseOf((subject) => subject === freed);
      configured.add(root.subject).add(joined.subject);
      const { id } = await open(root.code, { subject: root.subject });
      await join(id, joined.code, joined.subject);
      await clock.advance(MINUTE_MS);
      assert.notEqual(incident(id).state, 'resolved');
      const [watched, other] = root.code === 'AUDIO_DEVICE_LOST' ? [joined, root] : [root, joined];
      freed = watched.subject;
      await clock.advance(10 * MINUTE_MS);
      assert.equal(incident(id).state, 'resolved', wholeStory(store, id).join('\n'));
      assert.deepEqual(
        stillFailing.map(({ fingerprint }) => fingerprint),
        [`${incident(id).service}/${other.code}/${other.subject}`],
      );
    });

  it('is not waited for where only what joined is gone', async () => {
    let isBack = false;
    const { open, join, incident, configured, clock, reload, store } = houseOf(() => isBack);
    configured.add('primary').add('backup');
    const { id } = await open('LLM_UNREACHABLE', { subject: 'primary' });
    await join(id, 'LLM_UNREACHABLE', 'backup');
    await clock.advance(MINUTE_MS);
    await reload('primary');
    assert.notEqual(incident(id).state, 'resolved');
    isBack = true;
    await clock.advance(10 * MINUTE_MS);
    assert.equal(incident(id).state, 'resolved', wholeStory(store, id).join('\n'));
    assert.match(wholeStory(store, id).at(-1) ?? '', /^Verified and resolved: primary/);
  });

  it('does not come back when another cause is proved', async () => {
    const { open, join, incident, configured, clock, stillFailing, owners } = houseOf();
    const react = owners.react;
    owners.react = (service, command) => command.args['what'] === 'alive' || react(service, command);
    configured.add('renamed');
    const { id } = await open('SERVICE_SILENT', { service: 'audio-gateway' });
    await join(id, 'AUDIO_DEVICE_LOST', 'headset');
    await clock.advance(0);
    assert.deepEqual([incident(id).state, stillFailing], ['resolved', []]);
  });

  it('is no device to prefer: what is left is listed anew and works', async () => {
    const { open, incident, configured, clock, reload, store } = houseOf((subject) => subject === 'desk');
    configured.add('headset').add('camera');
    const { id } = await open('AUDIO_DEVICE_LOST', { subject: 'camera' });
    await clock.advance(MINUTE_MS);
    assert.equal(incident(id).degradedBy, 'text_only');
    await reload('desk', 'camera');
    await clock.advance(10 * MINUTE_MS);
    assert.equal(incident(id).state, 'resolved', wholeStory(store, id).join('\n'));
  });

  it('is not remembered once the name is back', async () => {
    const { open, incident, configured, clock, reload, store, executor } = houseOf();
    configured.add('primary');
    const { id } = await open('LLM_UNREACHABLE', { subject: 'primary' });
    await clock.advance(MINUTE_MS);
    await reload('renamed');
    configured.add('primary');
    const at = new Date(clock.now()).toISOString();
    await store.append(id, [{ type: 'reopened', at, errorId: 'back-00001' }]);
    executor.replan(id);
    await clock.advance(10 * MINUTE_MS);
    assert.equal(incident(id).state, 'degraded');
  });
});
