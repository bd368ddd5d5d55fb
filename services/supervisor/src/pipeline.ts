import type { ErrorEvent } from '@understudy/shared/contracts';
import { type ClassifiedError, classifyError } from './classify/classify-error.ts';
import { type DecisionPolicy, decideRecovery, type RecoveryDecision } from './decide/decide-recovery.ts';
import type { SeenIds } from './intake/seen-ids.ts';
import { type Notice, noticeOf } from './notify/notice.ts';
import { foldIncident } from './record/fold-incident.ts';
import type { IncidentStore } from './record/incident-store.ts';
import { stepsOf } from './record/record-decision.ts';
import type { RecoveryExecutor } from './recover/recovery-executor.ts';

export interface Rooms {
  readonly seen: SeenIds;
  readonly record: IncidentStore;
  readonly recover: RecoveryExecutor;
  readonly notify: (notice: Notice) => void;
  readonly policy: () => DecisionPolicy;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly onDecision: (error: ClassifiedError, decision: RecoveryDecision, now: number) => void;
}

/**
 * The whole story, left to right: intake -> classify -> decide -> recover -> record -> notify.
 * Everything up to the record happens in one turn of the event loop, so that two errors can never decide about the same thing at once;
 * opening, decision and first attempt are one append, and no command leaves before it.
 */
export function createPipeline(rooms: Rooms) {
  const { seen, record, recover } = rooms;

  record.onStep((incident, step) => {
    const notice = noticeOf(incident, step);
    if (notice) rooms.notify(notice);
  });

  return async function handleErrorEvent(event: ErrorEvent, traceparent?: string): Promise<void> {
    if (!seen.add(event.id)) return;
    const now = rooms.now();

    const error = classifyError(event, record.history, now);
    const decision = decideRecovery(error, record.history, rooms.policy(), now);
    record.noteOccurrence(event, now);
    rooms.onDecision(error, decision, now);

    const known = 'incidentId' in decision ? record.get(decision.incidentId) : undefined;
    const decided = stepsOf(error, decision, known, now, traceparent);
    const incident = decided && foldIncident(known, decided.steps);
    if (!decided || !incident) return;

    const first = decision.type === 'repeat' ? [] : recover.firstSteps(incident);
    try {
      await record.append(decided.incidentId, [...decided.steps, ...first]);
    } catch (notRecorded) {
      seen.forget(event.id);
      throw notRecorded;
    }
    if (decision.type === 'repeat') recover.start(decided.incidentId);
    else recover.replan(decided.incidentId);
  };
}
export type HandleErrorEvent = ReturnType<typeof createPipeline>;
