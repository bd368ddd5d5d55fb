import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createValidator, ErrorEventSchema } from '@understudy/shared/contracts';
import { isoAt, T0 } from '../testing/error-events.ts';
import { toErrorEvent } from './front-door.ts';
import { createSeenIds } from './seen-ids.ts';

describe('the front door', () => {
  const author = { instanceId: 'supervisor-1', version: '0.1.0', now: () => T0 };

  it('makes of a finding an error like any other', () => {
    const event = toErrorEvent(
      {
        service: 'cv-service',
        code: 'CV_SOURCE_LOST',
        message: 'gone',
        subject: 'obs',
        capability: 'see',
        context: { missed: 4 },
      },
      author,
    );
    assert.deepEqual(event, {
      id: event.id,
      service: 'cv-service',
      instanceId: 'supervisor-1',
      version: '0.1.0',
      code: 'CV_SOURCE_LOST',
      message: 'gone',
      occurredAt: isoAt(T0),
      subject: 'obs',
      capability: 'see',
      context: { missed: 4 },
    });
    assert.deepEqual(createValidator(ErrorEventSchema)(event), { ok: true, value: event });
  });

  it('leaves out what a finding does not know', () => {
    const event = toErrorEvent({ service: 'supervisor', code: 'BUS_UNAVAILABLE', message: 'away' }, author);
    assert.deepEqual(Object.keys(event).toSorted(), [
      'code',
      'context',
      'id',
      'instanceId',
      'message',
      'occurredAt',
      'service',
      'version',
    ]);
  });
});

describe('seen ids', () => {
  it('know what was there, forget the oldest, and what was not handled after all', () => {
    const seen = createSeenIds(2);
    assert.deepEqual(
      ['a', 'a', 'b', 'c', 'b', 'a'].map((id) => seen.add(id)),
      [true, false, true, true, false, true],
    );
    seen.forget('a');
    assert.equal(seen.add('a'), true);
  });
});
