import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '@understudy/shared/config';
import type { Hub } from '@understudy/shared/messaging';
import { createCountedMetrics } from '../testing/counted-metrics.ts';
import { T0 } from '../testing/error-events.ts';
import { createHealth } from './create-health.ts';

/** A NATS that carries nothing. */
const silentHub: Pick<Hub, 'isConnected' | 'answers' | 'onHeartbeat' | 'onConnection' | 'publishMode' | 'writeKey'> = {
  isConnected: () => true,
  answers: async () => true,
  onHeartbeat() {},
  onConnection: () => () => {},
  publishMode() {},
  async writeKey() {},
};

test('what a service had observed before a restart counts until it should have been heard of, and no longer', (t) => {
  t.mock.timers.enable({ apis: ['setInterval', 'setTimeout'] });
  const loaded = parseConfig('health: { heartbeat_interval_ms: 1000 }', 'test.yaml');
  assert.ok(loaded.ok);
  const health = createHealth({
    config: () => loaded.config,
    hub: silentHub,
    open: () => [],
    metrics: createCountedMetrics().metrics,
    now: () => T0,
    onError() {},
    raise() {},
    onChanged() {},
  });
  t.after(health.stop);
  const sees = () => health.mode.current().capabilities.see.observed.by;
  health.recall('cv-service', { see: { level: 'full', by: 'child' } });
  health.begin();
  assert.equal(sees(), 'child');
  t.mock.timers.tick(2999);
  assert.equal(sees(), 'child');
  t.mock.timers.tick(1);
  assert.equal(sees(), 'not_heard_of');
});
