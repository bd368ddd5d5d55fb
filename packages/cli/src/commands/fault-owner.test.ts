import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAULTS, PROCESS_FAULTS } from '@understudy/shared/contracts';
import { faultOwner } from './fault-owner.ts';

test('each fault goes to its owner, without being told whose it is', () => {
  for (const [fault, { owner }] of Object.entries(FAULTS)) {
    assert.deepEqual(faultOwner(fault, undefined), { ok: true, fault, owner });
    if (owner !== 'starter') assert.deepEqual(faultOwner(fault, owner), { ok: true, fault, owner });
  }
});

test('what every process can suffer goes to the service that is named', () => {
  for (const fault of PROCESS_FAULTS) {
    assert.deepEqual(faultOwner(fault, 'supervisor'), { ok: true, fault, owner: 'supervisor' });
    const unnamed = faultOwner(fault, undefined);
    assert(!unnamed.ok && unnamed.problem.includes('--service supervisor|audio-gateway'));
  }
});

test('a wrong name is told with the right ones', () => {
  const problems = [
    faultOwner('llm_timeuot', undefined),
    faultOwner('toString', undefined),
    faultOwner('crash', 'starter'),
    faultOwner('llm_timeout', 'cv-service'),
  ].map((found) => (found.ok ? '' : found.problem.replace(/These are: .*/, 'These are: ...')));
  assert.deepEqual(problems, [
    'There is no fault "llm_timeuot". These are: ...',
    'There is no fault "toString". These are: ...',
    'There is no service "starter". These are: ...',
    'llm_timeout is a fault of llm-service; leave --service out',
  ]);
});
