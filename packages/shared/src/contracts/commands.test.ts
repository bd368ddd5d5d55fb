import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { COMMANDS, PROBES, RecoveryCommandSchema } from './commands.ts';
import { SUPERVISED_SERVICES } from './services.ts';
import { createValidator } from './validate.ts';

const COMMON = ['probe', 'set-ceiling', 'shed', 'restore', 'recycle', 'reload', 'resume'];

describe('the table of commands', () => {
  it('knows the verbs of every service, the common ones among them', () => {
    const verbs = Object.fromEntries(SUPERVISED_SERVICES.map((name) => [name, Object.keys(COMMANDS[name])]));
    assert.deepEqual(verbs, {
      'audio-gateway': [...COMMON, 'list-devices', 'test-device', 'switch-device'],
      'osc-bridge': [...COMMON, 'reconnect', 'release-inputs'],
      'llm-service': [...COMMON, 'clear-cache', 'force-rung'],
      'cv-service': [...COMMON, 'restart-child', 'reconnect'],
    });
  });

  for (const service of SUPERVISED_SERVICES) {
    it(`lets no foreign argument to ${service}`, () => {
      for (const [verb, schema] of Object.entries(COMMANDS[service])) {
        const result = createValidator(schema)({ shell: 'rm' });
        assert.equal(result.ok, false, verb);
      }
    });
  }

  it('takes the rungs of the ladder and nothing like them', () => {
    const takes = createValidator(COMMANDS['llm-service']['force-rung']);
    const verdicts = [
      'auto',
      'cache',
      'pattern',
      'provider:backup_2',
      'provider:',
      'provider:a b',
      'automatic',
      '',
    ].map((rung) => takes({ rung }).ok);
    assert.deepEqual(verdicts, [true, true, true, true, false, false, false, false]);
  });

  it('asks only for probes that the error table may name', () => {
    const takes = createValidator(COMMANDS['cv-service'].probe);
    for (const what of PROBES) assert.ok(takes({ what }).ok, what);
    assert.equal(takes({ what: 'mood' }).ok, false);
  });

  it('bounds the deadline of a command', () => {
    const takes = createValidator(RecoveryCommandSchema);
    const command = { id: 'command-1', service: 'osc-bridge', verb: 'reconnect', args: {} };
    const verdicts = [0, 600_000, -1, 600_001, Number.NaN].map((deadlineMs) => takes({ ...command, deadlineMs }).ok);
    assert.deepEqual(verdicts, [true, true, false, false, false]);
  });
});
