import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ErrorEventSchema } from './error-event.ts';
import { TimestampSchema } from './ids.ts';
import { createValidator } from './validate.ts';

const validate = createValidator(ErrorEventSchema);
const event = {
  id: 'error-0001',
  service: 'osc-bridge',
  instanceId: 'instance-1',
  version: '0.1.0',
  code: 'OSC_CONNECTION_LOST',
  message: 'no echo',
  occurredAt: '2026-11-24T12:00:00.000Z',
  context: {},
};

describe('the validator', () => {
  it('hands on the very value that matches', () => {
    const result = validate(event);
    assert.deepEqual(result, { ok: true, value: event });
    assert.equal(result.ok && result.value, event);
  });

  const SECRET = 'sk-planted-secret';
  const wrong: readonly [what: string, data: unknown, reason: RegExp][] = [
    ['a wrong type', { ...event, message: 5 }, /^\/message: must be string$/],
    ['a value off the list', { ...event, service: SECRET }, /^\/service: must be equal to one of the allowed values$/],
    ['a pattern', { ...event, id: `!${SECRET}` }, /^\/id: must match pattern/],
    ['a format', { ...event, occurredAt: SECRET }, /^\/occurredAt: must match format "date-time"$/],
    ['a length', { ...event, subject: SECRET.repeat(20) }, /^\/subject: must not have more than 120 characters$/],
    ['a foreign field', { ...event, colour: SECRET }, /^\/: must not have additional properties$/],
    ['a missing field', { ...event, context: undefined }, /^\/context: must be object$/],
    ['an item of a list', { ...event, breadcrumbs: ['a', 5] }, /^\/breadcrumbs\/1: must be string$/],
    ['no object', SECRET, /^\/: must be object$/],
    ['nothing', undefined, /^\/: must be object$/],
  ];
  for (const [what, data, reason] of wrong) {
    it(`names the place of ${what}, never the value`, () => {
      const result = validate(data);
      assert.equal(result.ok, false);
      assert.match(result.ok ? '' : result.reason, reason);
      assert.doesNotMatch(result.ok ? '' : result.reason, /planted/);
    });
  }

  it('answers anything with a verdict', () => {
    fc.assert(
      fc.property(fc.anything(), (data) => {
        const result = validate(data);
        assert.ok(result.ok || result.reason.length > 0);
      }),
    );
  });
});

describe('a timestamp', () => {
  const checked = createValidator(TimestampSchema);

  it('is every date that JSON writes', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
        assert.ok(checked(date.toISOString()).ok);
      }),
    );
  });

  for (const text of ['', 'yesterday', '2026-11-24', '12:00:00Z', '2026-13-01T00:00:00Z', '2026-11-24T25:00:00Z']) {
    it(`is not "${text}"`, () => assert.equal(checked(text).ok, false));
  }
});
