import {
  type Capability,
  type CategoryName,
  type Cause,
  type ErrorEvent,
  fingerprintOf,
  type ProbeName,
  type Severity,
  type StrategyName,
} from '@understudy/shared/contracts';
import { defineError } from '@understudy/shared/errors';
import type { History } from './history.ts';

/** An ErrorEvent with its meaning. */
export interface ClassifiedError {
  readonly event: ErrorEvent;
  readonly fingerprint: string;
  readonly category: CategoryName;
  readonly severity: Severity;
  readonly cause: Cause;
  readonly strategy: StrategyName;
  readonly capability: Capability | undefined;
  readonly probe: ProbeName;
  readonly autoRecoverable: boolean;
  readonly needsOperator: boolean;
  readonly summary: string;
  readonly remedy: string;
  readonly userMessage: string;
}

/** A passing failure that comes this often within this time is no passing one. */
export const RECURRENCE = { times: 3, withinMs: 600_000 } as const;

function causeOf(cause: Cause, earlier: readonly number[], now: number): Cause {
  if (cause !== 'transient') return cause;
  const recent = earlier.filter((at) => now - at < RECURRENCE.withinMs).length;
  return recent >= RECURRENCE.times ? 'intermittent' : 'transient';
}

/** Pure: looks the code up in the error table and its recurrence in the history. Never reads message text. */
export function classifyError(event: ErrorEvent, history: History, now: number): ClassifiedError {
  const definition = defineError(event.code);
  const fingerprint = fingerprintOf(event);
  return {
    event,
    fingerprint,
    category: definition.category,
    severity: definition.severity,
    cause: causeOf(definition.cause, history.occurrences.get(fingerprint) ?? [], now),
    strategy: definition.strategy,
    capability: event.capability ?? definition.capability,
    probe: definition.probe,
    autoRecoverable: definition.autoRecoverable,
    needsOperator: definition.cause === 'needs_operator',
    summary: definition.summary,
    remedy: definition.remedy,
    userMessage: definition.userMessage,
  };
}
