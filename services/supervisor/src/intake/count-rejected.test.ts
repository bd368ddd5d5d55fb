import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCountedMetrics } from '../testing/counted-metrics.ts';
import { countRejected } from './count-rejected.ts';

test('every rejected message is kept; an error that is lost by it is counted', async () => {
  const { metrics, lines } = createCountedMetrics();
  const kept: string[] = [];
  const onRejected = countRejected(metrics, 'main', ({ subject }) => void kept.push(subject));
  const subjects = ['understudy.main.error.osc-bridge', 'understudy.main.heartbeat.osc-bridge'];
  for (const subject of subjects) onRejected({ subject, reason: 'no id', text: '{}' });
  assert.deepEqual(kept, subjects);
  assert.deepEqual(await lines('understudy_error_events_rejected_total'), [
    'understudy_error_events_rejected_total{edge="nats",reason="schema"} 1',
  ]);
});
