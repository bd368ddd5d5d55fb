import { FAULTS, type FaultName, PROCESS_FAULTS, type ServiceName } from '@understudy/shared/contracts';
import type { Chance } from './seeded-chance.ts';

/** One thing that goes wrong, milliseconds from the beginning of the soak. */
export type PlannedFault = { readonly atMs: number } & (
  | { readonly kind: 'fault'; readonly fault: FaultName; readonly durationMs: number; readonly service?: ServiceName }
  | { readonly kind: 'kill'; readonly part: string }
);

const PAUSE_MS = { from: 6000, to: 16_000 };
const DURATION_MS = { from: 3000, to: 12_000 };
const KILLED = ['osc-bridge', 'cv-service', 'audio-gateway', 'llm-service', 'supervisor', 'nats', 'redis'] as const;
const HIT = ['audio-gateway', 'osc-bridge', 'llm-service', 'cv-service'] as const;

/** What ends or restarts a process, so that its memory begins anew. */
const ENDS_A_PROCESS: ReadonlySet<string> = new Set([
  'event_loop_blocked',
  'memory_exhaustion',
  'crash',
  'nats_down',
  'redis_down',
]);
const WORLD = Object.keys(FAULTS).filter(
  (name): name is keyof typeof FAULTS => name in FAULTS && !ENDS_A_PROCESS.has(name),
);

/**
 * Faults at random times, each of a random length. Processes end in the first half only: in the second each lives long enough for its
 * memory to be judged.
 */
export function planFaults(chance: Chance, totalMs: number): PlannedFault[] {
  const [first = 'osc_connection_lost', ...others] = WORLD;
  const world = [first, ...others] as const;
  const processFaults = [...PROCESS_FAULTS] as const;
  const planned: PlannedFault[] = [];
  for (let atMs = 0; ; ) {
    atMs += chance.between(PAUSE_MS.from, PAUSE_MS.to);
    const durationMs = chance.between(DURATION_MS.from, DURATION_MS.to);
    if (atMs + durationMs > totalMs) return planned;
    const kind = atMs < totalMs / 2 ? chance.pick(['world', 'world', 'process', 'kill', 'server']) : 'world';
    if (kind === 'kill') planned.push({ atMs, kind, part: chance.pick(KILLED) });
    else if (kind === 'server')
      planned.push({ atMs, kind: 'fault', fault: chance.pick(['nats_down', 'redis_down']), durationMs });
    else if (kind === 'process')
      planned.push({ atMs, kind: 'fault', fault: chance.pick(processFaults), durationMs, service: chance.pick(HIT) });
    else planned.push({ atMs, kind: 'fault', fault: chance.pick(world), durationMs });
  }
}
