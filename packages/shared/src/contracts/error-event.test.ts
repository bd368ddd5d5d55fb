import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { fingerprintOf, subjectOf } from './error-event.ts';
import { SERVICE_NAMES } from './services.ts';

it('keeps the subject readable in the fingerprint, whatever it is called', () => {
  const subject = fc.option(fc.string({ minLength: 1, maxLength: 120 }), { nil: undefined });
  fc.assert(
    fc.property(fc.constantFrom(...SERVICE_NAMES), subject, (service, given) => {
      const fingerprint = fingerprintOf({ service, code: 'LLM_TIMEOUT', ...(given ? { subject: given } : {}) });
      assert.equal(subjectOf(fingerprint), given);
      assert.ok(fingerprint.startsWith(`${service}/LLM_TIMEOUT`));
    }),
  );
});

it('reads like a path', () => {
  const event = { service: 'audio-gateway', code: 'AUDIO_DEVICE_LOST', subject: 'headset-mic' } as const;
  assert.equal(fingerprintOf(event), 'audio-gateway/AUDIO_DEVICE_LOST/headset-mic');
});
