import type { Attempt, ErrorEvent, Incident, IncidentStep } from '@understudy/shared/contracts';
import { classifyError } from '../classify/classify-error.ts';
import { decideRecovery, type RecoveryDecision } from '../decide/decide-recovery.ts';
import { foldIncident } from '../record/fold-incident.ts';
import { createHistoryIndex } from '../record/history-index.ts';
import { stepsOf } from '../record/record-decision.ts';
import { planRecovery } from '../recover/plan-recovery.ts';
import type { Move } from '../recover/recovery-strategy.ts';
import { isoAt } from './error-events.ts';
import { POLICY } from './policies.ts';

/** Intake, classify, decide, plan and record without promises: histories by the thousand. */
export function createReplay(reopenWithinMs = POLICY.reopen_within_ms) {
  const index = createHistoryIndex();
  const incidents = new Map<string, Incident>();
  let made = 0;

  const record = (id: string, steps: readonly IncidentStep[]): Incident | undefined => {
    const incident = foldIncident(incidents.get(id), steps);
    if (!incident) return undefined;
    incidents.set(incident.id, incident);
    index.update(incident);
    return incident;
  };

  return {
    incidents,
    history: index.history,
    open: () => [...incidents.values()].filter(({ state }) => state !== 'resolved'),
    report(event: ErrorEvent, now: number): RecoveryDecision {
      const error = classifyError(event, index.history, now);
      const decision = decideRecovery(error, index.history, { reopenWithinMs }, now);
      index.noteOccurrence(event, now);
      const known = 'incidentId' in decision ? incidents.get(decision.incidentId) : undefined;
      const decided = stepsOf(error, decision, known, now);
      if (decided) record(decided.incidentId, decided.steps);
      return decision;
    },
    /** Does the next move of one open incident; `works` is every probe's word. */
    progress(id: string, works: boolean, now: number): Move | undefined {
      const incident = incidents.get(id);
      if (!incident || incident.state === 'resolved') return undefined;
      const move = planRecovery(incident, POLICY, now, () => 0.5);
      const at = isoAt(now);
      if (move.type === 'resolve') record(id, [{ type: 'resolved', at, reason: move.reason }]);
      else if (move.type === 'park')
        record(id, [{ type: 'parked', at, until: isoAt(move.untilMs), reason: move.reason }]);
      else if (move.type === 'degrade') {
        const { by, verified, ceilings = {}, essential = false } = move;
        record(id, [{ type: 'degraded', at, by, verified, ceilings, essential }]);
      } else if (move.type === 'attempt' || works) {
        made += 1;
        const probe = move.type === 'attempt' ? move.probe : move.probes[made % move.probes.length];
        const watchLabel = probe?.subject === undefined ? 'watch' : `watch:${probe.subject}`;
        const attempt: Attempt = {
          attempt: made,
          commandId: `command-${made}`,
          label: move.type === 'attempt' ? move.label : watchLabel,
          strategy: incident.strategy,
          commands: [],
          ...(probe ? { probe } : {}),
          startedAt: isoAt(Math.max(now, Date.parse(incident.currentSince))),
          finishedAt: at,
          outcome: 'done',
          ...(probe ? { verified: works } : {}),
        };
        record(id, [{ type: 'attempt_finished', at, attempt, durationMs: 0 }]);
      }
      return move;
    },
  };
}
