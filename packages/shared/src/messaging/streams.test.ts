import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ERROR_CONSUMER, streamConfigs } from './streams.ts';

const DAY_NS = 86_400 * 1e9;

describe('the streams of a bot', () => {
  const [errors, incidents, bucket] = streamConfigs('main');

  it('keep errors a week and incidents ninety days, on disk, the oldest first to go', () => {
    const common = { storage: 'file', retention: 'limits', discard: 'old', duplicate_window: 120 * 1e9 };
    assert.deepEqual(errors, {
      ...common,
      name: 'ERRORS_main',
      subjects: ['understudy.main.error.*'],
      max_age: 7 * DAY_NS,
      max_bytes: 256 * 1024 * 1024,
    });
    assert.deepEqual(incidents, {
      ...common,
      name: 'INCIDENTS_main',
      subjects: ['understudy.main.incident.*'],
      max_age: 90 * DAY_NS,
      max_bytes: 512 * 1024 * 1024,
      allow_direct: true,
    });
  });

  it('keep one value a key, and let no writer roll the others up', () => {
    assert.deepEqual(bucket, {
      name: 'KV_understudy_main',
      subjects: ['$KV.understudy_main.>'],
      storage: 'file',
      retention: 'limits',
      discard: 'new',
      max_msgs_per_subject: 1,
      max_bytes: 16 * 1024 * 1024,
      allow_direct: true,
      allow_rollup_hdrs: false,
    });
  });

  it('fit into what the server is given', () => {
    const total = streamConfigs('main').reduce((sum, { max_bytes = 0 }) => sum + max_bytes, 0);
    assert.ok(total < 2 * 1024 ** 3);
  });

  it('belong to one bot each', () => {
    const names = (bot: string) => streamConfigs(bot).map(({ name }) => name);
    assert.deepEqual(names('second'), ['ERRORS_second', 'INCIDENTS_second', 'KV_understudy_second']);
  });

  it('hand an error out again that was not acknowledged', () => {
    assert.deepEqual(ERROR_CONSUMER, {
      durable_name: 'supervisor',
      ack_policy: 'explicit',
      deliver_policy: 'all',
      ack_wait: 30 * 1e9,
      max_ack_pending: 512,
    });
  });
});
