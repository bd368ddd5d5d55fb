import type { Policy } from '@understudy/shared/contracts';
import type { FullPart } from '../parts.ts';
import type { Thresholds } from './thresholds.ts';

/** `none` is for Watchdog alone: it reaches the dead-man's receiver and nobody else. */
export const RULE_SEVERITIES = ['critical', 'error', 'warning'] as const;
export type RuleSeverity = (typeof RULE_SEVERITIES)[number];

/** Prometheus' durations: `90s`, `5m`, `1h`. */
export type Duration = `${number}${'s' | 'm' | 'h'}`;

/** What an open incident may say in this rule's place: nothing, the same policy of the user's, or the cause of this symptom. */
export type ExplainedBy =
  | { readonly type: 'nothing' }
  | { readonly type: 'policy'; readonly policy: Policy }
  | { readonly type: 'incident' };

/** One alert. Texts may name the labels of their expression as `{{ $labels.NAME }}`, and nothing else of a template. */
export interface AlertRule {
  readonly severity: RuleSeverity | 'none';
  /** How long it must hold. */
  readonly for: Duration;
  /** How long it stays after its condition ends, against flapping. */
  readonly keepFiringFor: Duration;
  readonly expr: (thresholds: Thresholds) => string;
  readonly explainedBy: ExplainedBy;
  /** Rendered only where this part runs. */
  readonly needs?: FullPart;
  /** What broke: one line, as a phone shows it. */
  readonly summary: string;
  /** How it is known, for who looks closer. */
  readonly detail: string;
  /** What still works. */
  readonly works: string;
  /** What Understudy does by itself. */
  readonly done: string;
  /** What the operator does. */
  readonly remedy: string;
}

export const NOTHING = { type: 'nothing' } as const satisfies ExplainedBy;
/** An incident of the same service, or of the bus, tells the cause. */
export const INCIDENT = { type: 'incident' } as const satisfies ExplainedBy;
export const policy = (name: Policy) => ({ type: 'policy', policy: name }) as const satisfies ExplainedBy;
