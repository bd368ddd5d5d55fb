import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { COMMANDS, createValidator, RecoveryResultSchema } from '../contracts/index.ts';
import { createCommandTable } from './common-commands.ts';
import type { ServiceParts } from './service-context.ts';

function setUp(parts: Partial<ServiceParts<'osc-bridge'>> | 'parked' = {}) {
  const done: string[] = [];
  const whole: ServiceParts<'osc-bridge'> = {
    commands: {
      reconnect: async () => ({ ok: true, detail: 'reconnected', data: { port: 9000 } }),
      'release-inputs': async () => ({ ok: false, detail: 'nothing was held' }),
    },
    probes: {
      'osc-echo': async (subject) => ({ ok: true, detail: `echo of ${subject ?? 'all'}` }),
      'input-frames': async (subject) => ({ ok: false, gone: true, detail: `no ${subject}` }),
    },
    stop: async () => {},
    ...(parts === 'parked' ? {} : parts),
  };
  const answer = createCommandTable({
    service: 'osc-bridge',
    parts: () => (parts === 'parked' ? undefined : whole),
    skeletonProbes: { alive: async () => ({ ok: false, detail: 'osc-bridge is parked' }) },
    setCeiling: (capability, level, by) => done.push(`${capability} ${level} ${by}`),
    recycle: () => done.push('recycle'),
    reload: () => ({ ok: false, detail: 'understudy.yaml:2: wrong' }),
    resume: () => ({ ok: true, detail: 'osc-bridge resumes' }),
    observed: () => ({ act: { level: 'full', by: 'vrchat' } }),
  });
  const ask = async (verb: string, args: Record<string, unknown> = {}) => {
    const result = await answer({ id: 'command-1', service: 'osc-bridge', verb, args, deadlineMs: 1000 });
    assert.deepEqual(createValidator(RecoveryResultSchema)(result), { ok: true, value: result });
    return `${result.outcome}: ${result.detail}`;
  };
  return { answer, ask, done };
}

describe('the commands of a service', () => {
  it('answers a verb with its outcome, data and what is observed then', async () => {
    const { answer } = setUp();
    const command = { id: 'command-1', service: 'osc-bridge', verb: 'reconnect', args: {}, deadlineMs: 1000 } as const;
    assert.deepEqual(await answer(command), {
      commandId: 'command-1',
      outcome: 'done',
      detail: 'reconnected',
      data: { port: 9000 },
      observed: { act: { level: 'full', by: 'vrchat' } },
    });
  });

  const whole = { shed: async (what: string) => `${what} given back`, restore: async () => {} };
  const rows: readonly [verb: string, args: Record<string, unknown>, answer: string][] = [
    ['probe', { what: 'osc-echo', subject: 'vrchat' }, 'done: echo of vrchat'],
    ['probe', { what: 'alive' }, 'failed: osc-bridge is parked'],
    ['probe', { what: 'input-frames', subject: 'old-mic' }, 'gone: no old-mic'],
    ['probe', { what: 'input-frames', subject: '[email]' }, 'failed: no [email]'],
    ['probe', { what: 'input-frames', subject: 'x'.repeat(120) }, `failed: no ${'x'.repeat(120)}`],
    ['probe', { what: 'speech' }, 'failed: osc-bridge has no probe speech'],
    ['set-ceiling', { capability: 'act', level: 'off', by: 'operator' }, 'done: act may be off (operator)'],
    ['shed', { what: 'caches' }, 'done: caches given back'],
    ['restore', {}, 'done: features restored'],
    ['recycle', {}, 'done: ends at the next safe moment'],
    ['reload', {}, 'failed: understudy.yaml:2: wrong'],
    ['resume', {}, 'done: osc-bridge resumes'],
    ['reconnect', {}, 'done: reconnected'],
    ['release-inputs', {}, 'failed: nothing was held'],
  ];
  for (const [verb, args, expected] of rows) {
    it(`${verb} ${JSON.stringify(args)}: ${expected}`, async () =>
      assert.equal(await setUp(whole).ask(verb, args), expected));
  }

  it('are all tried above', () => {
    assert.deepEqual([...new Set(rows.map(([verb]) => verb))].sort(), Object.keys(COMMANDS['osc-bridge']).sort());
  });

  it('do what they say', async () => {
    const { ask, done } = setUp();
    await ask('set-ceiling', { capability: 'act', level: 'degraded', by: 'operator' });
    await ask('recycle');
    assert.deepEqual(done, ['act degraded operator', 'recycle']);
  });

  it('refuse what they do not know, also the names of every object, and wrong arguments', async () => {
    const { ask } = setUp();
    assert.equal(await ask('dance'), 'refused: osc-bridge does not know dance now');
    for (const verb of ['constructor', '__proto__', 'toString', 'switch-device'])
      assert.match(await ask(verb), /^refused: osc-bridge does not know/);
    assert.equal(await ask('shed', {}), 'refused: shed: /: must have required properties what');
    assert.match(await ask('resume', { now: true }), /^refused: resume: \/: must not have additional properties/);
  });

  it('are the skeleton’s own alone while the service is parked', async () => {
    const { ask } = setUp('parked');
    assert.equal(await ask('reconnect'), 'refused: osc-bridge does not know reconnect now');
    assert.equal(await ask('resume'), 'done: osc-bridge resumes');
    assert.equal(await ask('probe', { what: 'alive' }), 'failed: osc-bridge is parked');
    assert.equal(await ask('shed', { what: 'caches' }), 'done: nothing to give back');
  });

  it('cut what is too long for an answer', async () => {
    const { ask } = setUp({ shed: async () => 'x'.repeat(2000) });
    assert.equal((await ask('shed', { what: 'caches' })).length, 'done: '.length + 500);
  });
});
