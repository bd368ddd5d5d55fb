import type { DEPENDENCY_ALERTS } from '../alerts/dependency-alerts.ts';
import { dip, grow, hold, type Scenario } from './scenario.ts';

const GB = 1024 ** 3;
const MB = 1024 ** 2;
const MINUTE = { before: 60, broken: 180, after: 300 };
const dependency = (name: string) => `understudy_dependency_up{service="supervisor",dependency="${name}"}`;
const disk = (kind: string, folder: string) => `understudy_disk_${kind}_bytes{service="supervisor",folder="${folder}"}`;

export const DEPENDENCY_SCENARIOS = {
  NatsDown: {
    series: { [dependency('nats')]: dip(1, 0, MINUTE), [dependency('redis')]: [hold(0, 540)] },
    quietAt: [55, 70],
    firesAt: 80,
    fires: [{ service: 'supervisor', dependency: 'nats' }],
    resolvedAt: 300,
  },
  NatsSlowConsumers: {
    series: { 'understudy_nats_slow_consumers{service="supervisor"}': [hold(4, 900), hold(5, 1500)] },
    quietAt: [895],
    firesAt: 920,
    fires: [{ service: 'supervisor' }],
    resolvedAt: 1900,
  },
  RedisDown: {
    series: { [dependency('redis')]: dip(1, 0, MINUTE), [dependency('nats')]: [hold(0, 540)] },
    quietAt: [55, 80],
    firesAt: 100,
    fires: [{ service: 'llm-service', dependency: 'redis' }],
    resolvedAt: 300,
  },
  // At its limit it drops old entries, as it should.
  RedisMemoryHigh: {
    series: {
      'understudy_redis_memory_bytes{service="supervisor"}': dip(64 * MB, 71 * MB, {
        before: 600,
        broken: 600,
        after: 300,
      }),
      'understudy_redis_memory_limit_bytes{service="supervisor"}': [hold(64 * MB, 1500)],
    },
    quietAt: [595, 880],
    firesAt: 930,
    fires: [{ service: 'supervisor' }],
    resolvedAt: 1300,
  },
  DiskLow: {
    series: {
      [disk('free', 'logs')]: dip(11 * GB, 9 * GB, MINUTE),
      [disk('size', 'logs')]: [hold(100 * GB, 540)],
      [disk('free', 'data')]: [hold(50 * GB, 540)],
      [disk('size', 'data')]: [hold(100 * GB, 540)],
    },
    quietAt: [55, 100],
    firesAt: 130,
    fires: [{ folder: 'logs' }],
    resolvedAt: 400,
  },
  // 100 MB a minute: 29 GB last five hours, and 80 GB are no reason to worry yet. Then somebody makes room.
  DiskFullSoon: {
    series: {
      [disk('free', 'logs')]: [hold(29 * GB, 3600), grow(29 * GB, -100 * MB, 3600), hold(60 * GB, 7200)],
      [disk('size', 'logs')]: [hold(100 * GB, 14_400)],
      [disk('free', 'data')]: [grow(80 * GB, -100 * MB, 14_400)],
      [disk('size', 'data')]: [hold(100 * GB, 14_400)],
    },
    quietAt: [3540, 4800],
    firesAt: 7140,
    fires: [{ folder: 'logs' }],
    resolvedAt: 12_000,
    stepSeconds: 60,
  },
} as const satisfies Readonly<Record<keyof typeof DEPENDENCY_ALERTS, Scenario>>;
