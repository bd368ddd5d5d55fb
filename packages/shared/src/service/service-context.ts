import type { FastifyInstance } from 'fastify';
import type { ResolvedConfig } from '../config/index.ts';
import type {
  Capability,
  CapabilityStates,
  CommandArgs,
  ErrorEvent,
  FaultRequest,
  Level,
  LevelBy,
  Limit,
  Mode,
  Observed,
  ProbeName,
  SupervisedService,
  Verb,
} from '../contracts/index.ts';
import type { Bus } from '../messaging/bus.ts';
import type { Logger, Metrics } from '../telemetry/index.ts';
import type { Clock } from './clock.ts';

/** What goes with an error besides its own facts. */
export interface ErrorCircumstances {
  readonly turnId?: string;
  readonly sessionId?: string;
  readonly userId?: string;
  readonly performanceData?: Record<string, unknown>;
}

/** What the skeleton gives to a service's own code. */
export interface ServiceContext<S extends SupervisedService = SupervisedService> {
  readonly name: S;
  readonly instanceId: string;
  readonly version: string;
  /** A folder of this service's own for what must survive its process. */
  readonly dataFolder: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly bus: Bus;
  readonly clock: Clock;
  /** Aborted when the service drains. */
  readonly signal: AbortSignal;
  /** The configuration now; a reload replaces it. */
  config(): ResolvedConfig;
  /** Called after a reload with the new one. */
  onConfig(listener: (config: ResolvedConfig) => void): void;
  /** Logs, counts and publishes one failure (ServiceError or anything thrown), cheap (docs/benchmarks.md, row c); never throws, never waits. */
  reportError(error: unknown, circumstances?: ErrorCircumstances): ErrorEvent;
  /** Writes what this service observes of a capability that it owns; at once to KV and in the next heartbeat. A repetition is free. */
  observe(capability: Capability, level: Level, by: string): void;
  observed(): Observed;
  /** The supervisor's word on a capability; the last one known while it is away. */
  ceiling(capability: Capability): LevelBy;
  /** The lower of observed and ceiling, for a capability of this service. */
  effective(capability: Capability): LevelBy;
  /** The published mode; solved from what is known here while the supervisor is silent. `observed` overrides what was published. */
  solveMode(observed?: Observed): { mode: Mode; limits: readonly Limit[]; capabilities: CapabilityStates };
  /** Has the supervisor published a mode lately (health.supervisor_silent_ms)? */
  isSupervised(): boolean;
  /** Names the present operation for the watchdog's report; cheap. */
  operation(name: string): void;
}

/** A probe proves that something works; it changes nothing. */
export interface ProbeResult {
  readonly ok: boolean;
  readonly detail: string;
  /** The configuration does not name what it was asked about (any more): an incident about that ends. */
  readonly gone?: boolean;
}

export type Probe = (subject: string | undefined, signal: AbortSignal) => Promise<ProbeResult>;

/** `ok: false` when it was tried and does not work. */
export interface CommandOutcome {
  readonly ok: boolean;
  readonly detail: string;
  readonly data?: Record<string, unknown>;
}

/** The skeleton answers these verbs itself, with the hooks of ServiceParts. */
export type CommonVerb = 'probe' | 'set-ceiling' | 'shed' | 'restore' | 'recycle' | 'reload' | 'resume';

export type CommandHandlers<S extends SupervisedService> = {
  readonly [V in Exclude<Verb<S>, CommonVerb>]: (
    args: CommandArgs<S, V>,
    signal: AbortSignal,
  ) => Promise<CommandOutcome>;
};

/** What a service's own code gives back to the skeleton. */
export interface ServiceParts<S extends SupervisedService = SupervisedService> {
  readonly commands: CommandHandlers<S>;
  readonly probes: Partial<Record<ProbeName, Probe>>;
  /** Only the faults whose place is `service` in the fault table; the skeleton sees to the others. Throws a plain sentence when it cannot. */
  injectFault?(request: FaultRequest): Promise<void>;
  /** The service's own routes, before the server listens. */
  routes?(app: FastifyInstance): void;
  /** Gives memory back. @returns what was given back, for the story */
  shed?(what: 'caches' | 'features'): Promise<string>;
  restore?(): Promise<void>;
  /** Resolves between utterances; the process ends right after. */
  safeMoment?(signal: AbortSignal): Promise<void>;
  onCeiling?(capability: Capability, ceiling: LevelBy): void;
  /** Not ready yet: why. */
  notReady?(): string | undefined;
  /** Release what is held (inputs, sockets, children) and finish what is begun. */
  stop(): Promise<void>;
}

export type Compose<S extends SupervisedService> = (context: ServiceContext<S>) => Promise<ServiceParts<S>>;
