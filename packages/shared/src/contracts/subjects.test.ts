import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { kvKeys } from './kv-keys.ts';
import { SERVICES, START_ORDER, SUPERVISED_SERVICES } from './services.ts';
import { PIPELINE_TOPICS, subjectsOf } from './subjects.ts';

describe('the subjects of a bot', () => {
  it('are those of the design', () => {
    const subjects = subjectsOf('main');
    assert.deepEqual(
      {
        ...subjects,
        error: subjects.error('osc-bridge'),
        incident: subjects.incident('incident-1'),
        heartbeat: subjects.heartbeat('osc-bridge'),
        command: subjects.command('osc-bridge', 'reconnect'),
        commands: subjects.commands('osc-bridge'),
        delivery: subjects.delivery('osc-bridge'),
      },
      {
        error: 'understudy.main.error.osc-bridge',
        allErrors: 'understudy.main.error.*',
        incident: 'understudy.main.incident.incident-1',
        allIncidents: 'understudy.main.incident.*',
        heartbeat: 'understudy.main.heartbeat.osc-bridge',
        command: 'understudy.main.command.osc-bridge.reconnect',
        commands: 'understudy.main.command.osc-bridge.*',
        input: 'understudy.main.input',
        utterance: 'understudy.main.utterance',
        reply: 'understudy.main.reply',
        observation: 'understudy.main.observation',
        delivery: 'understudy.main.delivery.osc-bridge',
        mode: 'understudy.main.mode',
        errorStream: 'ERRORS_main',
        incidentStream: 'INCIDENTS_main',
        bucket: 'understudy_main',
      },
    );
  });

  it('share nothing with those of another bot', () => {
    const texts = (bot: string) => Object.values(subjectsOf(bot)).filter((value) => typeof value === 'string');
    const others = new Set(texts('second'));
    assert.deepEqual(
      texts('main').filter((subject) => others.has(subject)),
      [],
    );
  });

  it('let only the owner of a capability speak for it', () => {
    assert.deepEqual(PIPELINE_TOPICS.observation.from, ['cv-service']);
    assert.deepEqual(PIPELINE_TOPICS.mode.from, ['supervisor']);
    assert.deepEqual([...PIPELINE_TOPICS.mode.to].sort(), [...SUPERVISED_SERVICES].sort());
  });
});

describe('the services', () => {
  it('start in this order, on ports and accounts of their own, each capability with one owner', () => {
    assert.deepEqual(START_ORDER, ['supervisor', 'llm-service', 'osc-bridge', 'cv-service', 'audio-gateway']);
    const rows = Object.values(SERVICES);
    assert.equal(new Set(rows.map(({ port }) => port)).size, rows.length);
    assert.equal(new Set(rows.map(({ account }) => account)).size, rows.length);
    assert.deepEqual(
      rows.flatMap(({ capabilities }) => capabilities),
      ['think', 'act', 'see', 'hear', 'speak'],
    );
  });

  it('write their keys below their own names', () => {
    for (const service of SUPERVISED_SERVICES) {
      assert.ok(kvKeys.observed(service).startsWith(`${service}.`));
      assert.ok(kvKeys.parked(service).startsWith('supervisor.'));
    }
  });
});
