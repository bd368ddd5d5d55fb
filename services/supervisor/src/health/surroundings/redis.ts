import type { Metrics } from '@understudy/shared/telemetry';
import type { RedisMemory } from './redis-memory.ts';

/**
 * Redis as it tells of itself. While it does not answer nothing is claimed of its memory; without a limit (`maxmemory 0`) none is shown.
 * @param read rejects when Redis does not answer
 */
export function createRedisLook(metrics: Pick<Metrics, 'set' | 'replace'>, read: () => Promise<RedisMemory>) {
  return async (): Promise<void> => {
    const memory = await read().catch(() => undefined);
    metrics.set('understudy_dependency_up', { dependency: 'redis' }, memory ? 1 : 0);
    metrics.replace('understudy_redis_memory_bytes', memory ? [{ labels: {}, value: memory.usedBytes }] : []);
    const limitBytes = memory?.limitBytes ?? 0;
    metrics.replace('understudy_redis_memory_limit_bytes', limitBytes > 0 ? [{ labels: {}, value: limitBytes }] : []);
  };
}
