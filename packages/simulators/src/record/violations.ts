import { type BoundedLog, createBoundedLog } from './bounded-log.ts';

/** A rule of the protocol that the bot broke. */
export interface Violation {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly rule: string;
  readonly detail: string;
}

export interface Violations {
  add(rule: string, detail: string): void;
  list(): Violation[];
}

const KEPT_VIOLATIONS = 200;

export function createViolations(now: () => number): Violations {
  const log: BoundedLog<Violation> = createBoundedLog(KEPT_VIOLATIONS);
  return {
    add: (rule, detail) => log.push({ at: now(), rule, detail }),
    list: log.entries,
  };
}
