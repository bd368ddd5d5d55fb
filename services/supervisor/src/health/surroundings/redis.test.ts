import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCountedMetrics } from '../../testing/counted-metrics.ts';
import { createRedisLook } from './redis.ts';
import { parseMemory, type RedisMemory } from './redis-memory.ts';

test('Redis as it tells of itself; nothing is claimed while it does not answer, and no limit where there is none', async () => {
  const { metrics, lines } = createCountedMetrics();
  let memory: RedisMemory | undefined = { usedBytes: 10, limitBytes: 64 };
  const look = createRedisLook(metrics, async () => memory ?? Promise.reject(new Error('away')));
  const up = async () => /understudy_dependency_up\{dependency="redis".*\} (\d)/.exec(await metrics.text())?.[1];
  const shown = async () => [...(await metrics.text()).matchAll(/^(understudy_redis\w+)\{/gm)].map(([, name]) => name);
  await look();
  assert.deepEqual(await lines('understudy_redis'), [
    'understudy_redis_memory_bytes 10',
    'understudy_redis_memory_limit_bytes 64',
  ]);
  memory = { usedBytes: 10, limitBytes: 0 };
  await look();
  assert.deepEqual([await shown(), await up()], [['understudy_redis_memory_bytes'], '1']);
  memory = undefined;
  await look();
  assert.deepEqual([await shown(), await up()], [[], '0']);
});

test('the two lines of INFO memory are found among the others', () => {
  const info =
    '# Memory\r\nused_memory:1234\r\nused_memory_human:1.2K\r\nmaxmemory:67108864\r\nmaxmemory_human:64M\r\n';
  assert.deepEqual(parseMemory(info), { usedBytes: 1234, limitBytes: 67_108_864 });
  assert.throws(() => parseMemory('# Memory\r\nused_memory:1\r\n'), /Redis' INFO memory has no maxmemory/);
});
