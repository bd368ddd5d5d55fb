import { type AlertRule, INCIDENT, NOTHING } from '../alert.ts';

/** What the bot stands on: bus, cache, disks. */
export const DEPENDENCY_ALERTS = {
  NatsDown: {
    severity: 'critical',
    for: '15s',
    keepFiringFor: '30s',
    expr: () => 'understudy_dependency_up{dependency="nats"} == 0',
    explainedBy: INCIDENT,
    summary: 'NATS is down',
    detail: 'The supervisor cannot reach the message bus. Notices that only follow from it are held back.',
    works: 'Text at the llm-service; what the services do without each other.',
    done: 'Errors and steps are kept on disk and sent afterwards; every service connects again by itself.',
    remedy: 'Run `docker compose ps nats` and `docker compose logs --tail 50 nats`; a full disk stops it too.',
  },
  NatsSlowConsumers: {
    severity: 'warning',
    for: '0s',
    keepFiringFor: '5m',
    expr: () => 'delta(understudy_nats_slow_consumers[10m]) > 0',
    explainedBy: NOTHING,
    summary: 'NATS dropped messages of a slow reader',
    detail: 'A service read more slowly than messages came, and NATS cut its connection.',
    works: 'Everything; heartbeats or sentences may have been missed.',
    done: 'The service connects again by itself; what may not be lost is read again from the stream.',
    remedy: 'See EventLoopLate and resource_usage of the services: one of them gets too little processor.',
  },
  RedisDown: {
    severity: 'warning',
    for: '30s',
    keepFiringFor: '30s',
    // The llm-service uses it, and its incident CACHE_UNAVAILABLE tells the same.
    expr: () => 'label_replace(understudy_dependency_up{dependency="redis"} == 0, "service", "llm-service", "", "")',
    explainedBy: INCIDENT,
    summary: 'Redis is down',
    detail: 'The supervisor cannot reach the cache.',
    works: 'Everything; answers are remembered in the memory of the llm-service meanwhile.',
    done: 'The llm-service connects again by itself. Nothing that may not be lost is in Redis.',
    remedy: 'Run `docker compose ps redis` and `docker compose restart redis`.',
  },
  RedisMemoryHigh: {
    severity: 'warning',
    for: '5m',
    keepFiringFor: '1m',
    expr: ({ redisMemoryShare }) =>
      `understudy_redis_memory_bytes / (understudy_redis_memory_limit_bytes > 0) > ${redisMemoryShare}`,
    explainedBy: NOTHING,
    summary: 'Redis is above its memory limit',
    detail: 'At its limit Redis drops old entries; it is above rule_limits.redis_memory, so that it cannot.',
    works: 'Everything; the cache may refuse new answers.',
    done: 'Nothing: answers are made anew where the cache does not take them.',
    remedy: 'Run `docker compose restart redis`: only cached answers are lost.',
  },
  DiskLow: {
    severity: 'error',
    for: '1m',
    keepFiringFor: '1m',
    expr: ({ diskFreeShare }) =>
      `min by (folder) (understudy_disk_free_bytes / understudy_disk_size_bytes) < ${diskFreeShare}`,
    explainedBy: NOTHING,
    summary: 'The disk of {{ $labels.folder }} is nearly full',
    detail: 'Less is free than rule_limits.disk_free where {{ $labels.folder }} are written.',
    works: 'Everything, until it is full: then logs stop first, and the bot goes on.',
    done: 'Log files and streams are bounded; the space is taken by something else, or the bound is near.',
    remedy:
      'Make room: recordings, `docker system df` and `docker image prune`, or lower logging.rotation.backup_count.',
  },
  DiskFullSoon: {
    severity: 'warning',
    for: '10m',
    keepFiringFor: '5m',
    // With much space left a short burst would foretell an end that never comes.
    expr: ({ diskFullWithinSeconds }) =>
      `min by (folder) (predict_linear(understudy_disk_free_bytes[1h], ${diskFullWithinSeconds})) < 0 ` +
      'and min by (folder) (understudy_disk_free_bytes / understudy_disk_size_bytes) < 0.3',
    explainedBy: NOTHING,
    summary: 'The disk of {{ $labels.folder }} fills up',
    detail: 'At the pace of the last hour it is full within rule_limits.disk_full_within_h.',
    works: 'Everything.',
    done: 'Log files and streams are bounded; something else writes.',
    remedy: 'See what writes: a recording, a download, Docker images; make room before the stream begins.',
  },
} as const satisfies Readonly<Record<string, AlertRule>>;
