import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { IncidentStep } from '@understudy/shared/contracts';
import { classifyError } from '../classify/classify-error.ts';
import { tellOperator } from '../notify/words.ts';
import { stepsOf } from '../record/record-decision.ts';
import { isoAt, makeEvent, T0 } from '../testing/error-events.ts';
import { createFakeOwners } from '../testing/fake-owners.ts';
import { createRecoveryHouse, type RecoveryHouse } from '../testing/recovery-house.ts';

const HOUR_MS = 3_600_000;

async function join(house: RecoveryHouse, id: string, code: string, subject?: string): Promise<void> {
  const error = classifyError(makeEvent(code, subject ? { subject } : {}), house.store.history, house.clock.now());
  const joined = stepsOf(
    error,
    { type: 'join', incidentId: id, reason: 'a test' },
    house.store.get(id),
    house.clock.now(),
  );
  await house.store.append(id, joined?.steps ?? []);
  house.executor.replan(id);
}
const reopen = async (house: RecoveryHouse, id: string): Promise<void> => {
  await house.store.append(id, [{ type: 'reopened', at: isoAt(house.clock.now()), errorId: 'back-00001' }]);
  house.executor.replan(id);
};

describe('the executor', () => {
  it('writes opening and first attempt in one record, before the command leaves', async () => {
    const recordsAtCommand: number[] = [];
    const house = createRecoveryHouse({
      owners: createFakeOwners(() => {
        recordsAtCommand.push(house.log.records.length);
        return true;
      }),
    });
    const { id } = await house.open('OSC_CONNECTION_LOST');
    await house.clock.advance(0);
    assert.deepEqual(house.story(id), ['opened', 'started reconnect:1', 'reconnect:1 verified', 'resolved']);
    assert.deepEqual(
      house.log.records[0]?.steps.map(({ type }) => type),
      ['opened', 'attempt_started'],
    );
    assert.deepEqual(recordsAtCommand, [1, 1]);
  });

  it('says nothing beforehand of a first move that must wait', async () => {
    const house = createRecoveryHouse({ policy: { actions_per_hour: 1 } });
    await house.open('OSC_CONNECTION_LOST');
    await house.clock.advance(0);
    const second = await house.open('CV_CHILD_CRASHED');
    assert.deepEqual(house.story(second.id), ['opened']);
  });

  it('plays the user’s second scenario: three attempts, no avatar, and VRChat starts an hour later', async () => {
    let running = false;
    const house = createRecoveryHouse({ owners: createFakeOwners(() => running) });
    const { id } = await house.open('OSC_CONNECTION_LOST');
    await house.clock.advance(HOUR_MS);
    const { state, degradedBy } = house.incident(id);
    assert.deepEqual({ state, degradedBy }, { state: 'degraded', degradedBy: 'no_act' });
    assert.equal(house.commands().length, 3);
    const stepsOfTheHour = house.story(id).length;
    running = true;
    await house.clock.advance(5000);
    assert.deepEqual(house.story(id).slice(stepsOfTheHour), ['watch verified', 'resolved']);
    assert.deepEqual(house.story(id), [
      'opened',
      'started reconnect:1',
      'reconnect:1 failed',
      'started reconnect:2',
      'reconnect:2 failed',
      'started reconnect:3',
      'reconnect:3 failed',
      'escalated',
      'degraded no_act',
      'watch verified',
      'resolved',
    ]);
    assert.deepEqual(house.defects, []);
  });

  it('speaks of the provider that is still away once the account of the other is in order', async () => {
    const works = new Set(['backup']);
    const house = createRecoveryHouse({
      owners: createFakeOwners((_service, { verb, args }) => verb !== 'probe' || works.has(String(args['subject']))),
    });
    const { id } = await house.open('LLM_QUOTA_EXHAUSTED', { subject: 'primary', message: 'no credit' });
    works.delete('backup');
    await join(house, id, 'LLM_TIMEOUT', 'backup');
    const words = () => tellOperator('scripted', house.store.open());
    await house.clock.advance(120_000);
    assert.match(words(), /^LLM_QUOTA_EXHAUSTED at llm-service: The model account's quota is used up\. .* Add credit/);
    works.add('primary');
    await house.clock.advance(120_000);
    assert.match(
      words(),
      /^LLM_QUOTA_EXHAUSTED at llm-service: LLM_TIMEOUT backup: The model did not answer .* to do: Nothing,/,
    );
    assert.equal(house.incident(id).needsOperator, false);
    works.add('backup');
    await house.clock.advance(10_000);
    assert.equal(words(), 'No open incident; the bot runs as scripted.');
    assert.deepEqual(house.defects, []);
  });

  it('takes up an attempt without an end by the same command ids, and what the owner did is not done again', async () => {
    const owners = createFakeOwners();
    const answering = owners.command;
    const first = createRecoveryHouse({
      owners: {
        ...owners,
        command: (service, command) => answering(service, command).then(() => new Promise(() => {})),
      },
    });
    const { id } = await first.open('OSC_CONNECTION_LOST');
    await first.clock.advance(1000);
    first.executor.stop();

    const second = createRecoveryHouse({ log: first.log, owners, clock: first.clock });
    await second.store.load();
    second.executor.resumeAll();
    await second.clock.advance(0);
    assert.deepEqual(second.story(id), ['opened', 'started reconnect:1', 'reconnect:1 verified', 'resolved']);
    const [attempt] = second.incident(id).attempts;
    assert.deepEqual(
      owners.heard.map((command) => command.id),
      [`${attempt?.commandId}-0`, `${attempt?.commandId}-0`, `${attempt?.commandId}-probe`],
    );
    assert.deepEqual(
      owners.done.map(({ verb }) => verb),
      ['reconnect', 'probe'],
    );
  });

  it('ends an attempt that a joined cause left behind, before it plans anew', async () => {
    let release = (_ok: boolean) => {};
    const house = createRecoveryHouse({
      owners: createFakeOwners((_service, { verb }) =>
        verb === 'reconnect'
          ? new Promise((resolve) => {
              release = resolve;
            })
          : true,
      ),
    });
    const { id } = await house.open('OSC_CONNECTION_LOST');
    await house.clock.advance(100);
    await join(house, id, 'OSC_SEND_FAILED');
    assert.deepEqual(house.executor.firstSteps(house.incident(id)), [], 'nothing new while one is under way');
    release(true);
    await house.clock.advance(0);
    assert.deepEqual(house.story(id).slice(2), [
      'joined',
      'decided reconnect_retry',
      'reconnect:1 verified',
      'started reconnect:1',
    ]);
    release(true);
    await house.clock.advance(0);
    assert.deepEqual(house.story(id).slice(-2), ['reconnect:1 verified', 'resolved']);
    assert.deepEqual(
      house.incident(id).attempts.map(({ attempt }) => attempt),
      [1, 2],
    );
  });

  it('plans anew when a cause joins during a watch', async () => {
    const house = createRecoveryHouse({ owners: createFakeOwners(() => false) });
    const { id } = await house.open('OSC_CONNECTION_LOST');
    await house.clock.advance(60_000);
    const before = house.story(id).length;
    await join(house, id, 'OSC_SEND_FAILED');
    await house.clock.advance(0);
    assert.deepEqual(house.story(id).slice(before), [
      'joined',
      'decided reconnect_retry',
      'started reconnect:1',
      'reconnect:1 failed',
    ]);
  });

  it('does not believe a look that began before a cause joined', async () => {
    let answer = (_ok: boolean) => {};
    let slow = false;
    const house = createRecoveryHouse({
      owners: createFakeOwners(() =>
        slow
          ? new Promise((resolve) => {
              answer = resolve;
            })
          : false,
      ),
    });
    const { id } = await house.open('OSC_CONNECTION_LOST');
    await house.clock.advance(20_000);
    slow = true;
    await house.clock.advance(5000);
    slow = false;
    await join(house, id, 'OSC_SEND_FAILED');
    answer(true);
    await house.clock.advance(0);
    assert.ok(!house.story(id).includes('watch verified'));
    assert.deepEqual(house.story(id).slice(-2), ['started reconnect:1', 'reconnect:1 failed']);
  });

  it('goes on with one that is reopened in the moment in which it was resolved', async () => {
    let works = true;
    const house = createRecoveryHouse({ owners: createFakeOwners(() => works) });
    const opened = await house.open('OSC_CONNECTION_LOST');
    await house.clock.advance(0);
    works = false;
    await reopen(house, opened.id);
    await house.clock.advance(0);
    assert.deepEqual(house.story(opened.id).slice(-3), ['reopened', 'started reconnect:1', 'reconnect:1 failed']);
  });

  it('goes on with one that is reopened while its resolution is being written', async () => {
    const house = createRecoveryHouse({ owners: createFakeOwners() });
    const append = house.log.append.bind(house.log);
    let reopened = false;
    Object.assign(house.log, {
      async append(record: Parameters<typeof append>[0]) {
        if (!reopened && record.steps.some(({ type }) => type === 'resolved')) {
          reopened = true;
          await reopen(house, record.incidentId);
        }
        return append(record);
      },
    });
    const { id } = await house.open('OSC_CONNECTION_LOST');
    await house.clock.advance(0);
    assert.deepEqual(house.story(id).slice(-4), [
      'reopened',
      'started reconnect:1',
      'reconnect:1 verified',
      'resolved',
    ]);
  });

  it('looks at once when the world changes, but not more often than four times a second', async () => {
    let looks = 0;
    const house = createRecoveryHouse({
      owners: createFakeOwners((_service, { verb }) => {
        looks += verb === 'probe' ? 1 : 0;
        return false;
      }),
    });
    await house.open('OSC_CONNECTION_LOST');
    await house.clock.advance(60_000);
    looks = 0;
    for (let change = 0; change < 100; change += 1) {
      house.executor.wake({ capability: 'act' });
      await house.clock.advance(10);
    }
    assert.ok(looks >= 3 && looks <= 5, `${looks} looks in a second`);
  });

  it('lets no change hurry a command or a calm', async () => {
    const house = createRecoveryHouse({ owners: createFakeOwners(() => false) });
    const crashed = await house.open('CV_CHILD_CRASHED');
    const high = await house.open('MEMORY_HIGH', { service: 'cv-service' });
    await house.clock.advance(25_000);
    const [before, beforeHigh] = [house.story(crashed.id), house.story(high.id)];
    assert.deepEqual([before.at(-1), beforeHigh.at(-1)], ['degraded feature_off', 'degraded essential_mode']);
    const asked = house.owners.heard.length;
    house.executor.wake({ service: 'cv-service' });
    await house.clock.advance(1000);
    assert.deepEqual([house.story(crashed.id), house.story(high.id)], [before, beforeHigh]);
    assert.equal(house.owners.heard.length, asked);
  });

  it('parks before it says so, and again when it could not', async () => {
    let fails = true;
    const parked: string[] = [];
    const house = createRecoveryHouse({
      owners: createFakeOwners(() => false),
      async park(service, { until }) {
        if (fails) throw new Error('no bus');
        parked.push(`${service} until ${until}`);
      },
    });
    const { id } = await house.open('SERVICE_CRASH_LOOP', { service: 'cv-service' });
    await house.clock.advance(1000);
    assert.deepEqual([house.story(id), house.defects.length], [['opened'], 1]);
    fails = false;
    await house.clock.advance(60_000);
    assert.deepEqual(house.story(id), ['opened', 'parked', 'escalated', 'degraded parked']);
    assert.deepEqual(parked, [`cv-service until ${isoAt(T0 + 60_000 + 900_000)}`]);
  });

  it('hands a joined cause that still fails back to the front door when its root is resolved', async () => {
    const house = createRecoveryHouse({ owners: createFakeOwners((_service, { args }) => args['what'] === 'alive') });
    const { id } = await house.open('SERVICE_SILENT', { service: 'audio-gateway' });
    await join(house, id, 'AUDIO_DEVICE_LOST', 'headset');
    await house.clock.advance(0);
    assert.equal(house.incident(id).state, 'resolved');
    assert.deepEqual(
      house.stillFailing.map(({ fingerprint }) => fingerprint),
      ['audio-gateway/AUDIO_DEVICE_LOST/headset'],
    );
  });

  it('sends no more commands in an hour than the budget, and goes on afterwards', async () => {
    const house = createRecoveryHouse({ policy: { actions_per_hour: 2 }, owners: createFakeOwners(() => false) });
    const { id } = await house.open('OSC_CONNECTION_LOST');
    await house.clock.advance(HOUR_MS - 1);
    assert.equal(house.commands().length, 2);
    await house.clock.advance(10_000);
    assert.equal(house.commands().length, 3);
    assert.equal(house.story(id).at(-1), 'degraded no_act');
  });

  it('proves the supervisor’s own failures itself', async () => {
    const house = createRecoveryHouse();
    const { id } = await house.open('BUS_UNAVAILABLE');
    await house.clock.advance(0);
    assert.equal(house.incident(id).attempts[0]?.detail, 'bus of the supervisor');
    assert.deepEqual(house.owners.heard, []);
  });

  it('begins nothing new once it is stopped', async () => {
    const house = createRecoveryHouse({ owners: createFakeOwners(() => false) });
    const { id } = await house.open('OSC_CONNECTION_LOST');
    await house.clock.advance(100);
    const before = house.story(id);
    house.executor.stop();
    house.executor.start(id);
    await house.clock.advance(HOUR_MS);
    assert.deepEqual(house.story(id), before);
    assert.equal(house.clock.sleepers(), 0);
  });

  it('writes no end of what was under way: the next process asks for it', async () => {
    let answer = (_ok: boolean) => {};
    const house = createRecoveryHouse({
      owners: createFakeOwners(
        () =>
          new Promise((resolve) => {
            answer = resolve;
          }),
      ),
    });
    const { id } = await house.open('SERVICE_SILENT');
    await house.clock.advance(0);
    house.executor.stop();
    answer(true);
    await house.clock.advance(0);
    assert.deepEqual(house.story(id), ['opened', 'started reconnect:1']);
  });

  it('pauses after a defect instead of storming', async () => {
    const house = createRecoveryHouse({
      owners: { ...createFakeOwners(), command: () => Promise.reject(new Error('a defect')) },
    });
    const { id } = await house.open('OSC_CONNECTION_LOST');
    await house.clock.advance(179_000);
    assert.equal(house.defects.length, 3);
    const steps: IncidentStep['type'][] = house.store.stepsOf(id).map(({ type }) => type);
    assert.deepEqual(steps, ['opened', 'attempt_started']);
  });
});
