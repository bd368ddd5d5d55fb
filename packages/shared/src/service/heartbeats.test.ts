import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createValidator, type Heartbeat, HeartbeatSchema, type ServiceState } from '../contracts/index.ts';
import { createMetrics } from '../telemetry/index.ts';
import { startHeartbeats } from './heartbeats.ts';

it('beats in a row without a gap, with the state and the figures of the moment, and once more when it stops', async () => {
  const sent: Heartbeat[] = [];
  let state: ServiceState = 'starting';
  const metrics = createMetrics({ service: 'osc-bridge', version: 'test' });
  const facts = {
    service: 'osc-bridge',
    instanceId: 'instance-1',
    version: '0.1.0',
    startedAt: '2026-11-24T12:00:00.000Z',
    observed: { act: { level: 'full', by: 'vrchat' } },
    outboxPending: 3,
  } as const;
  const heartbeats = startHeartbeats({
    intervalMs: 3_600_000,
    metrics,
    send: (heartbeat) => sent.push(heartbeat),
    state: () => state,
    facts: () => ({ ...facts, limitBytes: 1000 }),
  });
  heartbeats.beat();
  state = 'ready';
  heartbeats.beat();
  state = 'draining';
  heartbeats.stop();
  assert.deepEqual(
    sent.map(({ seq, state: said }) => `${seq} ${said}`),
    ['0 starting', '1 ready', '2 draining'],
  );
  for (const heartbeat of sent) {
    const { memory, eventLoopDelayMs } = heartbeat;
    assert.deepEqual(createValidator(HeartbeatSchema)(heartbeat), { ok: true, value: heartbeat });
    assert.deepEqual(heartbeat, { ...facts, seq: heartbeat.seq, state: heartbeat.state, memory, eventLoopDelayMs });
    assert.equal(memory.limitBytes, 1000);
    assert.ok(memory.rssBytes > memory.heapUsedBytes);
  }
  const text = await metrics.text();
  assert.match(text, /understudy_outbox_pending\{.*\} 3\n/);
  assert.match(text, /understudy_memory_limit_bytes\{.*\} 1000\n/);
});
