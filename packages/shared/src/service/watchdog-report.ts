import { readFileSync, rmSync } from 'node:fs';

/** What a watchdog leaves behind when it ends its process; one JSON line of the report file. */
export interface WatchdogReport {
  readonly code: 'EVENT_LOOP_BLOCKED';
  readonly service: string;
  readonly pid: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly blockedMs: number;
  readonly thresholdMs: number;
  /** The last operation that was named; `null` when none was. */
  readonly operation: string | null;
  /** `function (file:line:column)`, innermost first; `null` when the main thread was in native code and gave none. */
  readonly stack: readonly string[] | null;
}

const isStack = (value: unknown): value is string[] | null =>
  value === null || (Array.isArray(value) && value.every((frame) => typeof frame === 'string'));

function isReport(value: unknown): value is WatchdogReport {
  if (typeof value !== 'object' || value === null) return false;
  const report: Partial<Record<keyof WatchdogReport, unknown>> = value;
  return (
    report.code === 'EVENT_LOOP_BLOCKED' &&
    typeof report.service === 'string' &&
    typeof report.pid === 'number' &&
    typeof report.at === 'string' &&
    typeof report.blockedMs === 'number' &&
    typeof report.thresholdMs === 'number' &&
    (report.operation === null || typeof report.operation === 'string') &&
    isStack(report.stack)
  );
}

function parseLine(line: string): WatchdogReport[] {
  try {
    const value: unknown = JSON.parse(line);
    return isReport(value) ? [value] : [];
  } catch {
    // The machine may have gone down within the line.
    return [];
  }
}

/** Reads and removes what the previous run's watchdog left; the newest report, or nothing. */
export function takeWatchdogReport(path: string): WatchdogReport | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  rmSync(path, { force: true });
  return text.split('\n').flatMap(parseLine).at(-1);
}
