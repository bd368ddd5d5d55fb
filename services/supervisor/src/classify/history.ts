import type {
  Capability,
  CategoryName,
  IncidentState,
  ServiceName,
  Severity,
  StrategyName,
} from '@understudy/shared/contracts';

/** What classify and decide need to know of an incident. */
export interface IncidentSummary {
  readonly id: string;
  readonly code: string;
  readonly category: CategoryName | string;
  readonly service: ServiceName;
  readonly severity: Severity;
  readonly strategy: StrategyName;
  readonly state: IncidentState;
  readonly fingerprint: string;
  readonly capability: Capability | undefined;
  readonly needsOperator: boolean;
  /** Causes that a probe has proved while it stays open for others: a device that serves, a provider that was returned to. */
  readonly proved: ReadonlySet<string>;
  /** Epoch milliseconds; its service idles until then. */
  readonly parkedUntilMs: number | undefined;
  /** Epoch milliseconds. */
  readonly resolvedAtMs: number | undefined;
}

/** Everything that happened before, as look-ups; thousands of recorded or random ones can be replayed in a test. */
export interface History {
  /** Open incidents by each fingerprint that belongs to them, joined ones included. */
  readonly openByFingerprint: ReadonlyMap<string, IncidentSummary>;
  readonly openByCapability: ReadonlyMap<Capability, IncidentSummary>;
  /** Open incidents, to find a root cause among them. */
  readonly openByService: ReadonlyMap<ServiceName, readonly IncidentSummary[]>;
  /** The last resolved incident of each root fingerprint. */
  readonly resolvedByFingerprint: ReadonlyMap<string, IncidentSummary>;
  /** When a fingerprint occurred lately, epoch milliseconds, oldest first. */
  readonly occurrences: ReadonlyMap<string, readonly number[]>;
}

export const EMPTY_HISTORY: History = {
  openByFingerprint: new Map(),
  openByCapability: new Map(),
  openByService: new Map(),
  resolvedByFingerprint: new Map(),
  occurrences: new Map(),
};
