import type { Severity } from '../contracts/severity.ts';

/** What makes two lines the same. */
export interface LineIdentity {
  readonly level: Severity;
  readonly module: string;
  readonly message: string;
  readonly error_code: string | null;
  readonly incident_id: string | null;
}

/** `repeated` lines of this identity were left out since `since` (epoch milliseconds). */
export interface Folded {
  readonly line: LineIdentity;
  readonly repeated: number;
  readonly since: number;
}

export interface FoldingLimits {
  readonly windowMs: number;
  /** Lines of one identity that pass in a window before the rest are counted instead. */
  readonly burst: number;
  /** Identities remembered at once; the oldest gives way, its count reported. */
  readonly maxIdentities: number;
}

export interface RepeatFolding {
  /** Does the line pass? `reports` must be written first. */
  admit(line: LineIdentity, now: number): { readonly pass: boolean; readonly reports: readonly Folded[] };
  /** Counts of windows that have ended, so that the end of a flood is told too. */
  due(now: number): readonly Folded[];
  /** All that is counted and not reported yet. */
  drain(): readonly Folded[];
}

interface Window {
  readonly line: LineIdentity;
  readonly startedAt: number;
  passed: number;
  folded: number;
}

const NONE: readonly Folded[] = [];

const identityKey = (line: LineIdentity): string =>
  `${line.level}\u0000${line.module}\u0000${line.error_code}\u0000${line.incident_id}\u0000${line.message}`;

const report = (window: Window): readonly Folded[] =>
  window.folded === 0 ? NONE : [{ line: window.line, repeated: window.folded, since: window.startedAt }];

/**
 * Folds a flood of the same line: in each window the first `burst` pass, the rest are counted, and one report follows.
 * Pure but for its memory: time is an argument (monotonic or epoch milliseconds, one kind throughout).
 */
export function createRepeatFolding(limits: FoldingLimits): RepeatFolding {
  // A Map keeps insertion order and a window is inserted anew at its start: the first entry is the oldest window.
  const windows = new Map<string, Window>();

  const isOver = (window: Window, now: number): boolean =>
    now - window.startedAt >= limits.windowMs || now < window.startedAt;

  function makeRoom(): readonly Folded[] {
    if (windows.size < limits.maxIdentities) return NONE;
    const oldest = windows.entries().next().value;
    if (oldest === undefined) return NONE;
    windows.delete(oldest[0]);
    return report(oldest[1]);
  }

  function open(key: string, line: LineIdentity, now: number): { pass: boolean; reports: readonly Folded[] } {
    const previous = windows.get(key);
    windows.delete(key);
    const reports = previous === undefined ? makeRoom() : report(previous);
    windows.set(key, { line, startedAt: now, passed: 1, folded: 0 });
    return { pass: true, reports };
  }

  return {
    admit(line, now) {
      const key = identityKey(line);
      const window = windows.get(key);
      if (window === undefined || isOver(window, now)) return open(key, line, now);
      if (window.passed < limits.burst) {
        window.passed += 1;
        return { pass: true, reports: NONE };
      }
      window.folded += 1;
      return { pass: false, reports: NONE };
    },
    due(now) {
      const reports: Folded[] = [];
      for (const [key, window] of windows) {
        if (!isOver(window, now)) continue;
        windows.delete(key);
        reports.push(...report(window));
      }
      return reports;
    },
    drain() {
      const reports = [...windows.values()].flatMap(report);
      windows.clear();
      return reports;
    },
  };
}
