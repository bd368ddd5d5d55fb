import type { Capability, CategoryName, Cause, ProbeName, Severity, StrategyName } from '../contracts/index.ts';

export interface ErrorRow {
  readonly category: CategoryName;
  readonly cause: Cause;
  /** Raises or lowers the category's severity. */
  readonly severity?: Severity;
  /** Replaces the category's strategy. */
  readonly strategy?: StrategyName;
  /** What of the bot it takes, unless the event says otherwise. */
  readonly capability?: Capability;
  /** Proves that it works again. */
  readonly probe: ProbeName;
  /** What happened, for the operator. */
  readonly summary: string;
  /** What the operator is to do; a sentence that needs no stack trace. */
  readonly remedy: string;
  /** What a viewer may be told. */
  readonly userMessage: string;
}

type Defaults = Pick<ErrorRow, 'category' | 'probe' | 'userMessage'> & Partial<ErrorRow>;
type Own = Pick<ErrorRow, 'cause' | 'summary' | 'remedy'> & Partial<ErrorRow>;

/** Rows of one kind share what is the same for all of them. */
export function rows<K extends string>(defaults: Defaults, own: Record<K, Own>): Record<K, ErrorRow> {
  const entries = Object.entries<Own>(own).map(([code, row]) => [code, { ...defaults, ...row }]);
  return Object.fromEntries(entries) as Record<K, ErrorRow>;
}
