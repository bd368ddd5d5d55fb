import type { FaultName } from './fault-table.ts';

export class UnknownFaultError extends Error {
  override readonly name = 'UnknownFaultError';
  readonly code = 'SIMULATOR_UNKNOWN_FAULT';
}

export interface ActiveFault {
  readonly fault: FaultName;
  /** One part of the simulator; without it all are hit. */
  readonly target?: string;
  readonly durationMs?: number;
}

/** Calls `run` once after `delayMs`; the result cancels it. An argument, so that a test decides when time is up. */
export type Schedule = (run: () => void, delayMs: number) => () => void;

export const scheduleTimeout: Schedule = (run, delayMs) => {
  const timer = setTimeout(run, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
};

export interface FaultBoard {
  apply(fault: FaultName, target?: string, durationMs?: number): void;
  clear(): void;
  /** Whether the fault holds for a part (or, without `part`, for any). */
  holds(fault: FaultName, part?: string): boolean;
  /** Active faults, the newest last. */
  active(): readonly ActiveFault[];
}

interface FaultBoardOptions {
  /** For each fault the parts that may be named as its target. */
  readonly targets: ReadonlyMap<FaultName, readonly string[]>;
  readonly onChange?: () => void;
  readonly schedule?: Schedule;
}

/** Keeps which faults of one simulator are active; a fault that is applied again starts its time anew. */
export function createFaultBoard({
  targets,
  onChange = () => {},
  schedule = scheduleTimeout,
}: FaultBoardOptions): FaultBoard {
  let entries: { active: ActiveFault; cancel: () => void }[] = [];

  const remove = (fault: FaultName, target: string | undefined): void => {
    entries = entries.filter(({ active, cancel }) => {
      const same = active.fault === fault && active.target === target;
      if (same) cancel();
      return !same;
    });
  };

  return {
    apply(fault, target, durationMs) {
      checkKnown(targets, fault, target);
      remove(fault, target);
      const cancel =
        durationMs === undefined
          ? () => {}
          : schedule(() => {
              remove(fault, target);
              onChange();
            }, durationMs);
      const active = {
        fault,
        ...(target === undefined ? {} : { target }),
        ...(durationMs === undefined ? {} : { durationMs }),
      };
      entries.push({ active, cancel });
      onChange();
    },
    clear() {
      for (const { cancel } of entries) cancel();
      entries = [];
      onChange();
    },
    holds: (fault, part) =>
      entries.some(
        ({ active }) =>
          active.fault === fault && (part === undefined || active.target === undefined || active.target === part),
      ),
    active: () => entries.map(({ active }) => active),
  };
}

function checkKnown(targets: FaultBoardOptions['targets'], fault: FaultName, target: string | undefined): void {
  const parts = targets.get(fault);
  if (!parts) {
    throw new UnknownFaultError(`No fault '${fault}' here. Allowed: ${[...targets.keys()].join(', ')}.`);
  }
  if (target !== undefined && !parts.includes(target)) {
    throw new UnknownFaultError(
      `Fault '${fault}' cannot hit '${target}'. ${parts.length > 0 ? `Targets: ${parts.join(', ')}.` : 'It takes no target.'}`,
    );
  }
}

/** A fault map in which every fault may hit the same parts. */
export const sameTargets = (
  faults: readonly FaultName[],
  parts: readonly string[],
): ReadonlyMap<FaultName, readonly string[]> => new Map(faults.map((fault) => [fault, parts]));
