import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { RecoveryCommand } from '@understudy/shared/contracts';
import type { CommandAnswer } from '@understudy/shared/messaging';
import { type OperatorActions, operatorActions } from './operator-actions.ts';
import { createIncidentStore, type IncidentStore } from './record/incident-store.ts';
import { isoAt, T0 } from './testing/error-events.ts';
import { openIncident } from './testing/incidents.ts';
import { createMemoryLog } from './testing/memory-log.ts';

let store: IncidentStore;
let did: string[];
let answer: (command: RecoveryCommand) => CommandAnswer;
let actions: OperatorActions;

beforeEach(() => {
  did = [];
  store = createIncidentStore(createMemoryLog(), () => T0);
  answer = ({ id, verb }) => ({ commandId: id, outcome: 'done', detail: `${verb} done`, observed: {} });
  actions = operatorActions({
    hub: {
      async request(service, command) {
        did.push(`${command.verb} ${service}`);
        return answer(command);
      },
      async deleteKey(key) {
        did.push(`delete ${key}`);
      },
    },
    store,
    executor: () => ({ wake: ({ service }) => void did.push(`wake ${service}`) }),
    reloadSelf: () => {
      did.push('reload supervisor');
      return { ok: false, detail: 'line 3' };
    },
    now: () => T0,
  });
});

describe('what an operator asks for', () => {
  it('resume: the key is gone before the service is told, the incident says so, its recovery looks', async () => {
    const loop = openIncident('SERVICE_CRASH_LOOP', { service: 'cv-service' });
    await store.append(loop.id, [
      { type: 'opened', at: isoAt(T0), incident: loop, errorId: 'error-00001' },
      { type: 'parked', at: isoAt(T0), until: isoAt(T0 + 1000), reason: 'so' },
    ]);
    assert.deepEqual(await actions.resume('cv-service'), { ok: true, detail: 'resume done' });
    assert.deepEqual(did, ['delete supervisor.parked.cv-service', 'resume cv-service', 'wake cv-service']);
    assert.deepEqual(store.stepsOf(loop.id).at(-1), { type: 'resumed', at: isoAt(T0), by: 'operator' });
    assert.equal(store.get(loop.id)?.parked, false);
  });

  it('resume: says what the service answered', async () => {
    answer = () => ({ outcome: 'unreachable', detail: 'cv-service is not on the bus' });
    assert.deepEqual(await actions.resume('cv-service'), { ok: false, detail: 'cv-service is not on the bus' });
  });

  it('reload: everywhere, and then whoever waits for it looks', async () => {
    const done = { ok: true, detail: 'reload done' };
    assert.deepEqual(await actions.reload(), {
      supervisor: { ok: false, detail: 'line 3' },
      'audio-gateway': done,
      'osc-bridge': done,
      'llm-service': done,
      'cv-service': done,
    });
    assert.deepEqual(did.slice(0, 5), [
      'reload supervisor',
      'reload audio-gateway',
      'reload osc-bridge',
      'reload llm-service',
      'reload cv-service',
    ]);
    assert.deepEqual(did.slice(5), [
      'wake supervisor',
      'wake audio-gateway',
      'wake osc-bridge',
      'wake llm-service',
      'wake cv-service',
    ]);
  });

  it('acknowledge: an open one, once known', async () => {
    const lost = openIncident('OSC_CONNECTION_LOST');
    await store.append(lost.id, [{ type: 'opened', at: isoAt(T0), incident: lost, errorId: 'error-00001' }]);
    assert.equal(await actions.acknowledge(lost.id), true);
    assert.equal(store.get(lost.id)?.acknowledged, true);
    await store.append(lost.id, [{ type: 'resolved', at: isoAt(T0), reason: 'proved' }]);
    assert.equal(await actions.acknowledge(lost.id), false);
    assert.equal(await actions.acknowledge('nobody'), false);
  });
});
