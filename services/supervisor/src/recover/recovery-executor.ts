import { randomUUID } from 'node:crypto';
import type {
  Attempt,
  Capability,
  Incident,
  IncidentStep,
  Parked,
  ServiceName,
  SupervisedService,
} from '@understudy/shared/contracts';
import type { Clock } from '@understudy/shared/service';
import { createActionBudget } from './action-budget.ts';
import { unfinishedAttempt } from './attempts.ts';
import { type Cause, otherCauses } from './causes.ts';
import type { IncidentLedger } from './incident-ledger.ts';
import { type Owners, performAttempt, prove } from './perform-attempt.ts';
import { planRecovery, strategyOf } from './plan-recovery.ts';
import { proveOthers } from './prove-others.ts';
import type { Move, RecoveryPolicy } from './recovery-strategy.ts';
import { createWaits } from './waits.ts';

export interface ExecutorOptions {
  readonly ledger: IncidentLedger;
  readonly owners: Owners;
  readonly policy: () => RecoveryPolicy;
  readonly clock: Clock;
  readonly random: () => number;
  /** Idempotent: done again after a crash it changes nothing. */
  readonly park: (service: SupervisedService, parked: Parked) => Promise<void>;
  /** A cause about which nothing was proved still fails after the incident was resolved: it enters by the front door again, for its own recovery. */
  readonly stillFails: (cause: Cause, detail: string) => void;
  /** Runs the work inside the incident's trace. */
  readonly inTrace: <T>(incident: Incident, name: string, work: () => Promise<T>) => Promise<T>;
  /** A defect: a strategy that goes in circles, an append that failed. */
  readonly onError: (error: unknown) => void;
}

/** A defect in a strategy must not become a storm. */
const PAUSE_AFTER_DEFECT_MS = 60_000;
/** However often the world changes, nobody is asked more often than this. */
const EARLIEST_LOOK_MS = 250;

type MoveOf<T extends Move['type']> = Extract<Move, { type: T }>;

/** Runs one recovery per open incident: asks its strategy, records, acts, proves, and asks again, until it is resolved. */
export function createRecoveryExecutor(options: ExecutorOptions) {
  const { ledger, clock, owners } = options;
  const stopping = new AbortController();
  const running = new Set<string>();
  const waits = createWaits(clock);
  const budget = createActionBudget(() => options.policy().actions_per_hour);
  const iso = () => new Date(clock.now()).toISOString();
  const plan = (incident: Incident) => planRecovery(incident, options.policy(), clock.now(), options.random);
  const limits = () => {
    const { command_timeout_ms, probe_timeout_ms } = options.policy();
    return { commandTimeoutMs: command_timeout_ms, probeTimeoutMs: probe_timeout_ms };
  };
  /** A joined cause or a stop made the plan old while it was carried out. */
  const isOutdated = ({ id, currentSince, members }: Incident): boolean => {
    const current = ledger.get(id);
    return (
      stopping.signal.aborted || current?.currentSince !== currentSince || current.members.length !== members.length
    );
  };

  const toAttempt = (incident: Incident, move: MoveOf<'attempt'>): Attempt => ({
    attempt: (incident.attempts.at(-1)?.attempt ?? 0) + 1,
    commandId: randomUUID(),
    label: move.label,
    strategy: strategyOf(incident).name,
    commands: move.commands.map(({ service, verb, args }) => ({ service, verb, args: { ...args } })),
    ...(move.probe ? { probe: move.probe } : {}),
    ...(move.settleMs === undefined ? {} : { settleMs: move.settleMs }),
    ...(move.lifts ? { lifts: true } : {}),
    startedAt: new Date(Math.max(clock.now(), Date.parse(incident.currentSince))).toISOString(),
  });

  const finishAttempt = (incident: Incident, attempt: Attempt) =>
    options.inTrace(incident, `recover ${attempt.label}`, async () => {
      const finished = await performAttempt(incident, attempt, owners, limits(), clock, stopping.signal);
      // Without an end in the stream the next process asks the owner again, by the same id.
      if (stopping.signal.aborted) return;
      const durationMs = Math.max(0, clock.now() - Date.parse(attempt.startedAt));
      await ledger.append(incident.id, [{ type: 'attempt_finished', at: iso(), attempt: finished, durationMs }]);
    });

  const startAttempt = async (incident: Incident, move: MoveOf<'attempt'>) => {
    const { id } = incident;
    // A look costs nothing and may come early; a command waits for its time.
    const earliestMs = move.commands.length === 0 ? EARLIEST_LOOK_MS : move.afterMs;
    if (!(await waits.wait(id, move.afterMs, Math.min(earliestMs, move.afterMs)))) return;
    for (;;) {
      const wait = budget.take(move.commands.length, clock.now());
      if (wait === 0) break;
      if (!(await waits.wait(id, wait))) return;
    }
    await ledger.append(id, [{ type: 'attempt_started', at: iso(), attempt: toAttempt(incident, move) }]);
  };

  const degrade = async (incident: Incident, move: MoveOf<'degrade'>) => {
    const { by, verified, reason, ceilings = {}, essential = false } = move;
    if (
      incident.state === 'degraded' &&
      incident.degradedBy === by &&
      incident.essential === essential &&
      !move.ceilings
    ) {
      throw new Error(`${incident.strategy} degrades ${incident.id} by ${by} again and again`);
    }
    const at = iso();
    const { name, escalate } = strategyOf(incident);
    const steps: IncidentStep[] = [{ type: 'degraded', at, by, verified, ceilings, essential }];
    if (incident.state !== 'degraded') steps.unshift({ type: 'escalated', at, from: name, to: escalate, reason });
    await ledger.append(incident.id, steps);
  };

  const watch = async (incident: Incident, move: MoveOf<'watch'>) => {
    const earliestMs = move.patient ? move.everyMs : Math.min(EARLIEST_LOOK_MS, move.everyMs);
    if (!(await waits.wait(incident.id, move.everyMs, earliestMs))) return;
    for (const probe of move.probes) {
      const label = probe.subject === undefined ? 'watch' : `watch:${probe.subject}`;
      const attempt = toAttempt(incident, { type: 'attempt', label, afterMs: 0, commands: [], probe });
      const proof = await prove(incident, probe, attempt.commandId, owners, limits());
      if (isOutdated(incident)) return;
      if (!proof.ok && !proof.gone) continue;
      const at = iso();
      const outcome = proof.gone ? 'gone' : 'done';
      const finished: Attempt = { ...attempt, finishedAt: at, outcome, verified: proof.ok, detail: proof.detail };
      const durationMs = Math.max(0, clock.now() - Date.parse(attempt.startedAt));
      await options.inTrace(incident, `recover ${label}`, () =>
        ledger.append(incident.id, [{ type: 'attempt_finished', at, attempt: finished, durationMs }]),
      );
      return;
    }
  };

  const park = async ({ id, service }: Incident, move: MoveOf<'park'>) => {
    const until = new Date(move.untilMs).toISOString();
    if (service !== 'supervisor')
      await options.park(service, { until, reason: move.reason.slice(0, 500), incidentId: id });
    await ledger.append(id, [{ type: 'parked', at: iso(), until, reason: move.reason }]);
  };

  const resolve = async (incident: Incident, move: MoveOf<'resolve'>) => {
    const { reason, gone = false } = move;
    const failing = await proveOthers(incident, otherCauses(incident, move), owners, limits());
    if (isOutdated(incident)) return;
    await ledger.append(incident.id, [{ type: 'resolved', at: iso(), reason, ...(gone ? { gone } : {}) }]);
    for (const { cause, detail } of failing) options.stillFails(cause, detail);
  };

  const doMove = async (incident: Incident, move: Move): Promise<void> => {
    switch (move.type) {
      case 'attempt':
        return startAttempt(incident, move);
      case 'watch':
        return watch(incident, move);
      case 'degrade':
        return degrade(incident, move);
      case 'park':
        return park(incident, move);
      case 'resolve':
        return resolve(incident, move);
      default:
        return move satisfies never;
    }
  };

  /** In the incident's trace also after a restart. A look that finds nothing leaves no span: there are hundreds in an hour. */
  const doTraced = (incident: Incident, move: Move): Promise<void> =>
    move.type === 'watch'
      ? doMove(incident, move)
      : options.inTrace(incident, `recover ${move.type}`, () => doMove(incident, move));

  const recover = async (id: string): Promise<void> => {
    for (;;) {
      const incident = ledger.get(id);
      if (stopping.signal.aborted || !incident || incident.state === 'resolved') {
        // In the same turn as the look: whoever reopens it after this begins a new run.
        running.delete(id);
        waits.forget(id);
        return;
      }
      try {
        const attempt = unfinishedAttempt(incident);
        if (attempt) await finishAttempt(incident, attempt);
        else await doTraced(incident, plan(incident));
      } catch (error) {
        if (!stopping.signal.aborted) options.onError(error);
        await waits.wait(id, PAUSE_AFTER_DEFECT_MS);
      }
    }
  };

  const start = (id: string): void => {
    if (running.has(id)) return;
    running.add(id);
    void recover(id);
  };

  return {
    /** Steps of the first move, to be written together with the opening: one append stands between an error and its command. */
    firstSteps(incident: Incident): IncidentStep[] {
      if (unfinishedAttempt(incident)) return [];
      const move = plan(incident);
      if (move.type !== 'attempt' || move.afterMs > 0 || budget.take(move.commands.length, clock.now()) > 0) return [];
      return [{ type: 'attempt_started', at: iso(), attempt: toAttempt(incident, move) }];
    },
    /** Runs the incident's recovery unless it runs already. */
    start,
    /** A cause joined or came back: the recovery begins, or plans anew. */
    replan(id: string): void {
      if (running.has(id)) waits.wake(id, 'replan');
      else start(id);
    },
    /** May a command that no recovery asks for be sent now? It counts against the same budget. */
    takeAction: (): boolean => budget.take(1, clock.now()) === 0,
    /** After a start of the supervisor: every open incident goes on where it was. */
    resumeAll(): void {
      for (const { id } of ledger.open()) start(id);
    },
    /** Something changed in the world: whoever waits for it looks now. */
    wake(what: { capability?: Capability; service?: ServiceName }): void {
      for (const incident of ledger.open()) {
        const concerns = what.capability
          ? [incident, ...incident.members].some(({ capability }) => capability === what.capability)
          : incident.service === what.service;
        if (concerns && running.has(incident.id)) waits.wake(incident.id, 'changed');
      }
    },
    /** Nothing new begins; what is under way is taken up by the next process. */
    stop(): void {
      stopping.abort();
      waits.stop();
    },
  };
}
export type RecoveryExecutor = ReturnType<typeof createRecoveryExecutor>;
