import assert from 'node:assert/strict';
import { it } from 'node:test';
import { FAULT_NAMES, FAULTS, FaultRequestSchema, PROCESS_FAULTS } from './faults.ts';
import { createValidator } from './validate.ts';

it('names every fault of the issue', () => {
  const wanted = [
    'audio_device_unavailable',
    'osc_connection_lost',
    'llm_timeout',
    'llm_quota_exhausted',
    'llm_rate_limited',
    'cv_crash',
    'cv_hang',
    'event_loop_blocked',
    'memory_exhaustion',
    'configuration_invalid',
    'nats_down',
    'redis_down',
  ];
  const names: readonly string[] = FAULT_NAMES;
  assert.deepEqual(
    wanted.filter((name) => !names.includes(name)),
    [],
  );
});

it('gives each fault one place: only the process faults belong to every service', () => {
  for (const name of PROCESS_FAULTS) assert.equal(Object.hasOwn(FAULTS, name), false, name);
});

it('lasts between a millisecond and an hour', () => {
  const takes = createValidator(FaultRequestSchema);
  const verdicts = [0, 1, 3_600_000, 3_600_001, 1.5].map((durationMs) => takes({ fault: 'crash', durationMs }).ok);
  assert.deepEqual(verdicts, [false, true, true, false, false]);
});
