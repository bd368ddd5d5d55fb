import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCountedMetrics } from '../../testing/counted-metrics.ts';
import { createNatsLook } from './nats.ts';

test('NATS and its streams as they tell of themselves; nothing is claimed while it does not answer', async () => {
  const { metrics, lines } = createCountedMetrics();
  let answers = true;
  const look = createNatsLook(metrics, {
    async serverState() {
      if (!answers) throw new Error('NATS is away');
      return { memoryBytes: 100, slowConsumers: 2, streams: [{ name: 'ERRORS_main', messages: 3, bytes: 400 }] };
    },
  });
  const measured = async () => [...(await lines('understudy_nats')), ...(await lines('understudy_stream'))];
  await look();
  assert.deepEqual(await lines('understudy_dependency_up'), ['understudy_dependency_up{dependency="nats"} 1']);
  assert.deepEqual(await measured(), [
    'understudy_nats_memory_bytes 100',
    'understudy_nats_slow_consumers 2',
    'understudy_stream_messages{stream="ERRORS_main"} 3',
    'understudy_stream_bytes{stream="ERRORS_main"} 400',
  ]);
  answers = false;
  await look();
  const text = await metrics.text();
  assert.match(text, /^understudy_dependency_up\{dependency="nats",service="supervisor"\} 0$/m);
  assert.doesNotMatch(text, /^understudy_(nats|stream)_/m);
});
