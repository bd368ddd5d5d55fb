import type { Attempt, Incident, IncidentStep, ProbeSpec } from '@understudy/shared/contracts';
import { planRecovery, strategyOf } from '../recover/plan-recovery.ts';
import type { Move, RecoveryPolicy } from '../recover/recovery-strategy.ts';
import { isoAt, T0 } from './error-events.ts';
import { foldKnown } from './incidents.ts';
import { POLICY } from './policies.ts';

type Command = Attempt['commands'][number];

/** The owners and what they own, as a function of time. */
export interface World {
  /** `false`: refused or failed; an object: done, with this `data`. */
  readonly command?: (command: Command, now: number) => boolean | Record<string, unknown>;
  readonly probe: (probe: ProbeSpec, now: number) => boolean;
}

export interface SimulationOptions {
  readonly policy?: RecoveryPolicy;
  readonly random?: () => number;
  readonly from?: number;
  /** Ends when it is resolved, after so much time or so many moves. */
  readonly forMs?: number;
  readonly moves?: number;
}

export interface Simulation {
  readonly incident: Incident;
  readonly moves: readonly { readonly at: number; readonly move: Move }[];
  readonly now: number;
  /** One line a move: what a reader of the story would see. */
  readonly lines: readonly string[];
}

const HOUR_MS = 3_600_000;

const lineOf = (move: Move): string => {
  switch (move.type) {
    case 'attempt':
      return `${move.label}${move.commands.map(({ verb }) => ` ${verb}`).join('')}`;
    case 'watch':
      return `watch ${move.probes.map(({ subject }) => subject ?? 'it').join(' ')}`;
    case 'degrade':
      return `degrade ${move.by}${move.verified ? ' verified' : ''}`;
    default:
      return move.type;
  }
};

/** Plays the executor's part without promises: does each move in a made-up world, folds it, and asks again. */
export function simulateRecovery(start: Incident, world: World, options: SimulationOptions = {}): Simulation {
  const { policy = POLICY, random = () => 0.5, from = T0, forMs = HOUR_MS, moves: most = 400 } = options;
  let incident = start;
  let now = from;
  const moves: { at: number; move: Move }[] = [];
  const record = (...steps: IncidentStep[]) => {
    incident = foldKnown(incident, steps);
  };

  const attempt = (move: Extract<Move, { type: 'attempt' }>) => {
    now += move.afterMs;
    const started: Attempt = {
      attempt: incident.attempts.length + 1,
      commandId: `command-${moves.length}-${now}`,
      label: move.label,
      strategy: strategyOf(incident).name,
      commands: move.commands.map((command) => ({ ...command, args: { ...command.args } })),
      ...(move.probe ? { probe: move.probe } : {}),
      ...(move.lifts ? { lifts: true } : {}),
      startedAt: isoAt(Math.max(now, Date.parse(incident.currentSince))),
    };
    record({ type: 'attempt_started', at: isoAt(now), attempt: started });
    const answers = started.commands.map((command) => world.command?.(command, now) ?? true);
    const data = answers.find((answer) => typeof answer === 'object');
    const ok = !answers.includes(false);
    now += (move.settleMs ?? 0) + 1;
    const finished: Attempt = {
      ...started,
      finishedAt: isoAt(now),
      outcome: ok ? 'done' : 'failed',
      ...(ok && !move.probe ? {} : { verified: ok && move.probe !== undefined && world.probe(move.probe, now) }),
      ...(data ? { data } : {}),
    };
    record({ type: 'attempt_finished', at: isoAt(now), attempt: finished, durationMs: 1 });
  };

  while (incident.state !== 'resolved' && now - from < forMs && moves.length < most) {
    const move = planRecovery(incident, policy, now, random);
    moves.push({ at: now, move });
    const at = isoAt(now);
    if (move.type === 'attempt') attempt(move);
    else if (move.type === 'resolve') record({ type: 'resolved', at, reason: move.reason });
    else if (move.type === 'park') record({ type: 'parked', at, until: isoAt(move.untilMs), reason: move.reason });
    else if (move.type === 'degrade') {
      const { by, verified, ceilings = {}, essential = false } = move;
      record({ type: 'degraded', at, by, verified, ceilings, essential });
    } else {
      now += move.everyMs;
      const proof = move.probes.find((probe) => world.probe(probe, now));
      const label = proof?.subject === undefined ? 'watch' : `watch:${proof.subject}`;
      if (proof) attempt({ type: 'attempt', label, afterMs: 0, commands: [], probe: proof });
    }
  }
  return { incident, moves, now, lines: moves.map(({ move }) => lineOf(move)) };
}
