import type { Heartbeat, ServiceName } from '@understudy/shared/contracts';
import type { Finding } from '../intake/front-door.ts';

export interface VitalPolicy {
  /** Share of a service's memory limit. */
  readonly memoryShare: number;
  readonly eventLoopLateMs: number;
  readonly growthWindowMs: number;
  readonly forecastMs: number;
}

interface Sample {
  readonly atMs: number;
  readonly bytes: number;
}

/** What is known of one process; beats in a row that showed each sign. */
interface Vitals {
  readonly instanceId: string;
  readonly samples: readonly Sample[];
  readonly high: number;
  readonly growing: number;
  readonly late: number;
}

/** Beats in a row that make a sign. */
const HIGH_BEATS = 3;
const GROWING_BEATS = 30;
const LATE_BEATS = 5;
/** While a sign lasts it is reported again: a recovery may have ended in the meantime without ending it. */
const REPORT_EVERY_BEATS = 60;
/** Memory is calm this far below its threshold; between the two nothing is counted and nothing forgotten. */
const CALM_SHARE = 0.9;
/** Growth within the window, as a share of the threshold, below which it is no sign. */
const GROWTH_SHARE = 0.1;
const MB = 1024 * 1024;

/** Least squares, bytes per millisecond. */
export function slope(samples: readonly Sample[]): number {
  const n = samples.length;
  if (n < 2) return 0;
  const meanT = samples.reduce((sum, { atMs }) => sum + atMs, 0) / n;
  const meanB = samples.reduce((sum, { bytes }) => sum + bytes, 0) / n;
  const over = samples.reduce((sum, { atMs, bytes }) => sum + (atMs - meanT) * (bytes - meanB), 0);
  const under = samples.reduce((sum, { atMs }) => sum + (atMs - meanT) ** 2, 0);
  return under === 0 ? 0 : over / under;
}

function grows(samples: readonly Sample[], limit: number, policy: VitalPolicy): boolean {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || last.atMs - first.atMs < policy.growthWindowMs * 0.9 || last.bytes < limit / 2) return false;
  const perMs = slope(samples);
  // A heap that settles after a start rises too, but little.
  if (perMs * (last.atMs - first.atMs) < limit * GROWTH_SHARE) return false;
  return perMs > 0 && (limit - last.bytes) / perMs < policy.forecastMs;
}

function highBeats(before: number, bytes: number, threshold: number): number {
  if (bytes > threshold) return before + 1;
  return bytes < threshold * CALM_SHARE ? 0 : before;
}

const isDue = (count: number, before: number, beats: number): boolean =>
  count > before && count >= beats && (count - beats) % REPORT_EVERY_BEATS === 0;

/** Looks at each heartbeat for memory and event loop. */
export function createVitalSigns(policy: () => VitalPolicy) {
  const known = new Map<ServiceName, Vitals>();
  return (heartbeat: Heartbeat, now: number): Finding[] => {
    const { service, memory, eventLoopDelayMs, instanceId } = heartbeat;
    const { memoryShare, eventLoopLateMs, growthWindowMs } = policy();
    const fresh: Vitals = { instanceId, samples: [], high: 0, growing: 0, late: 0 };
    const last = known.get(service);
    const before = last?.instanceId === instanceId ? last : fresh;
    const threshold = memory.limitBytes * memoryShare;
    const recent = before.samples.filter(({ atMs }) => now - atMs <= growthWindowMs);
    const samples = [...recent, { atMs: now, bytes: memory.rssBytes }];
    const after: Vitals = {
      instanceId,
      samples,
      high: highBeats(before.high, memory.rssBytes, threshold),
      growing: memory.rssBytes <= threshold && grows(samples, threshold, policy()) ? before.growing + 1 : 0,
      late: eventLoopDelayMs.p99 > eventLoopLateMs ? before.late + 1 : 0,
    };
    known.set(service, after);

    const findings: Finding[] = [];
    const report = (code: Finding['code'], due: boolean, message: string, context: Record<string, unknown>) => {
      if (due) findings.push({ service, code, message, context: { ...context, instanceId } });
    };
    const rssMb = Math.round(memory.rssBytes / MB);
    const limitMb = Math.round(threshold / MB);
    const p99Ms = Math.round(eventLoopDelayMs.p99);
    const memoryFacts = { rssMb, limitMb };
    const isHigh = isDue(after.high, before.high, HIGH_BEATS);
    report('MEMORY_HIGH', isHigh, `${service} uses ${rssMb} MB; ${limitMb} MB is its threshold`, memoryFacts);
    const isGrowing = isDue(after.growing, before.growing, GROWING_BEATS);
    report('MEMORY_GROWING', isGrowing, `${service} uses ${rssMb} MB and grows towards ${limitMb} MB`, memoryFacts);
    const isLate = isDue(after.late, before.late, LATE_BEATS);
    report('EVENT_LOOP_LATE', isLate, `${service}'s event loop is ${p99Ms} ms late (p99)`, { p99Ms });
    return findings;
  };
}
