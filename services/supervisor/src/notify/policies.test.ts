import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Incident } from '@understudy/shared/contracts';
import { DEFAULTS } from '../testing/policies.ts';
import { isPolicy, policyOf, settingsOf } from './policies.ts';

describe('policyOf', () => {
  const cases: [severity: Incident['severity'], category: string, policy: string | undefined][] = [
    ['CRITICAL', 'LLM_API_ERROR', 'critical_errors'],
    ['ERROR', 'MEMORY_EXHAUSTION', 'resource_usage'],
    ['WARNING', 'PERFORMANCE_ERROR', 'performance_degradation'],
    ['WARNING', 'LLM_API_ERROR', 'external_service_failure'],
    ['ERROR', 'AUDIO_DEVICE_ERROR', undefined],
  ];
  for (const [severity, category, policy] of cases) {
    it(`${severity} ${category}: ${policy ?? 'none of the user’s four'}`, () =>
      assert.equal(policyOf({ severity, category }), policy));
  }
});

describe('settingsOf', () => {
  it('gives the channels and the cooldown of the user\u2019s plan', () => {
    assert.deepEqual(
      Object.fromEntries(
        [...Object.keys(DEFAULTS.alerts).filter(isPolicy), undefined].map((name) => [
          name ?? 'none',
          settingsOf(DEFAULTS.alerts, name),
        ]),
      ),
      {
        critical_errors: { enabled: true, cooldownMs: 300_000, channels: ['console', 'log_file'] },
        performance_degradation: { enabled: true, cooldownMs: 300_000, channels: ['console'] },
        resource_usage: { enabled: true, cooldownMs: 300_000, channels: ['console', 'log_file'] },
        external_service_failure: { enabled: true, cooldownMs: 300_000, channels: ['console', 'log_file'] },
        none: { enabled: true, cooldownMs: 300_000, channels: ['console'] },
      },
    );
  });
});

it('a label that is none of the four is no policy', () => {
  assert.deepEqual(['critical_errors', 'toString', '', undefined].map(isPolicy), [true, false, false, false]);
});
