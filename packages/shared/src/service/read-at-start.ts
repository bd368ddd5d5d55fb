import { isDeepStrictEqual } from 'node:util';
import type { ResolvedConfig } from '../config/index.ts';

/** Settings that a process takes when it starts and not by a reload: what it has opened by them stays open. */
export const READ_AT_START = [
  'bot',
  'logging.level',
  'logging.format',
  'logging.output',
  'logging.rotation',
  'logging.performance',
  'http.host',
  'http.ports',
  'nats',
  'redis',
  'tracing',
  'health.heartbeat_interval_ms',
  'health.event_loop_blocked_ms',
  'health.start_grace_ms',
  'simulators',
] as const;

const at = (config: object, path: string): unknown =>
  path.split('.').reduce<unknown>((part, name) => Reflect.get(Object(part), name), config);

/** Those of them that have changed since the start. */
export const waitForNextStart = (atStart: ResolvedConfig, now: ResolvedConfig): string[] =>
  READ_AT_START.filter((path) => !isDeepStrictEqual(at(atStart, path), at(now, path)));
