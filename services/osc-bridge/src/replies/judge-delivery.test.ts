import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ErrorEvent, LevelBy } from '@understudy/shared/contracts';
import { judgeDelivery } from './judge-delivery.ts';

const full: LevelBy = { level: 'full', by: 'vrchat' };
const off: LevelBy = { level: 'off', by: 'no_echo' };
const lost: ErrorEvent = {
  id: 'event-0001',
  service: 'osc-bridge',
  instanceId: 'instance-1',
  version: 'test',
  code: 'OSC_CONNECTION_LOST',
  message: 'gone',
  occurredAt: '2026-01-01T00:00:00.000Z',
  context: {},
};
const nothing = { of: () => undefined };
const gone = { of: (code: string) => (code === 'OSC_CONNECTION_LOST' ? lost : undefined) };

test('what works may be shown, also when it is degraded', () => {
  assert.deepEqual(judgeDelivery(full, full, nothing), { may: true });
  assert.deepEqual(judgeDelivery(full, { level: 'degraded', by: 'unproven' }, nothing), { may: true });
});

test('what the supervisor forbids is skipped, whatever is broken', () => {
  assert.deepEqual(judgeDelivery({ level: 'off', by: 'essential_mode' }, off, gone), { may: false, result: 'skipped' });
});

test('what is broken fails with the failure that is open', () => {
  assert.deepEqual(judgeDelivery(full, off, gone), { may: false, result: 'failed', error: lost });
  assert.deepEqual(judgeDelivery(full, off, nothing), { may: false, result: 'failed', error: undefined });
});
