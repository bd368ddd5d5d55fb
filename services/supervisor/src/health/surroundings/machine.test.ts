import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCountedMetrics } from '../../testing/counted-metrics.ts';
import { createMachineLook } from './machine.ts';

const cpu = (user: number, idle: number) => ({ times: { user, nice: 0, sys: 0, idle, irq: 0 } });

function setUp() {
  const { metrics, lines } = createCountedMetrics();
  const machine = { totalmem: () => 1000, freemem: () => 400, cpus: () => [cpu(0, 0), cpu(0, 0)] };
  const look = createMachineLook(metrics, machine);
  return {
    machine,
    look,
    memory: () => lines('understudy_machine_memory'),
    share: () => lines('understudy_machine_pro'),
    rejected: () => lines('understudy_metric_values_rejected'),
  };
}

test('memory as the kernel tells it, and the share of all processors since the last look', async () => {
  const { machine, look, memory, share } = setUp();
  machine.cpus = () => [cpu(50, 50), cpu(0, 100)];
  look();
  assert.deepEqual(await memory(), [
    'understudy_machine_memory_bytes{kind="total"} 1000',
    'understudy_machine_memory_bytes{kind="available"} 400',
  ]);
  assert.deepEqual(await share(), ['understudy_machine_processor_share 0.25']);
  machine.cpus = () => [cpu(150, 50), cpu(100, 100)];
  look();
  assert.deepEqual(await share(), ['understudy_machine_processor_share 1']);
});

test('two looks within one tick say nothing new, and a counter that goes back is no share', async () => {
  const { machine, look, share, rejected } = setUp();
  look();
  assert.deepEqual(await share(), []);
  machine.cpus = () => [cpu(50, 50)];
  look();
  look();
  assert.deepEqual(await share(), ['understudy_machine_processor_share 0.5']);
  assert.deepEqual(await rejected(), []);
  machine.cpus = () => [cpu(100, 10)];
  look();
  assert.deepEqual(await share(), ['understudy_machine_processor_share 1']);
});
