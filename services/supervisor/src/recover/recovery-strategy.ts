import type { ResolvedConfig } from '@understudy/shared/config';
import type { CommandSpec, Incident, Observed, ProbeSpec, StrategyName } from '@understudy/shared/contracts';
import type { Cause } from './causes.ts';

export type RecoveryPolicy = ResolvedConfig['recovery'];

/** All that a strategy may know. Its own memory is the incident's attempts: a restarted supervisor goes on where it was. */
export interface RecoveryView {
  readonly incident: Incident;
  /** What is treated: mostly the incident's root. */
  readonly cause: Cause;
  /** That and those of its kind, which are treated with it. */
  readonly causes: readonly Cause[];
  /** One of them waits for an operator: nothing is retried, only watched. */
  readonly needsOperator: boolean;
  readonly policy: RecoveryPolicy;
  /** Epoch milliseconds. */
  readonly now: number;
  /** In [0, 1): jitter. */
  readonly random: () => number;
}

/** One thing to do next. The executor does it, records it, and asks again. */
export type Move =
  | {
      readonly type: 'attempt';
      /** What the strategy reads back from the attempt. */
      readonly label: string;
      readonly afterMs: number;
      readonly commands: readonly CommandSpec[];
      /** None: the owner's word is enough to go on, never enough to resolve. */
      readonly probe?: ProbeSpec;
      readonly settleMs?: number;
      /** Tries the full capability: ceilings and essential mode of this incident are lifted first. */
      readonly lifts?: boolean;
    }
  /** Looks at the world at intervals, without recording what is still the same; the first proof becomes an attempt `watch:SUBJECT`. */
  | {
      readonly type: 'watch';
      readonly everyMs: number;
      readonly probes: readonly ProbeSpec[];
      /** The time itself is the proof: a change in the world does not end the wait. */
      readonly patient?: boolean;
    }
  /** Goes on with less, and says so: an escalation step. */
  | {
      readonly type: 'degrade';
      readonly by: string;
      readonly verified: boolean;
      readonly ceilings?: Observed;
      readonly essential?: boolean;
      readonly reason: string;
    }
  | { readonly type: 'park'; readonly untilMs: number; readonly reason: string }
  /** Only after a probe has proved it, or has found that what the incident is about is gone. */
  | {
      readonly type: 'resolve';
      readonly reason: string;
      readonly gone?: boolean;
      /** The one probe that proved it: it says nothing about other subjects. Without it the strategy has answered for all that it treats. */
      readonly provedBy?: ProbeSpec | undefined;
    };

/** One strategy: a pure plan. It never acts, so it can be replayed on any history, and it can be asked again after a crash. */
export interface RecoveryStrategy {
  readonly name: StrategyName;
  /** Attempts in one round before it must escalate (`degrade`). */
  limit(policy: RecoveryPolicy): number;
  /** Where it goes when its limit is reached. */
  readonly escalate: 'degraded' | 'operator' | 'essential';
  next(view: RecoveryView): Move;
}
