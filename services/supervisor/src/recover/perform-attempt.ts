import type {
  Attempt,
  Incident,
  ProbeSpec,
  RecoveryCommand,
  ServiceName,
  SupervisedService,
} from '@understudy/shared/contracts';
import type { CommandAnswer } from '@understudy/shared/messaging';
import type { Clock } from '@understudy/shared/service';

/** The owners, as the executor reaches them. */
export interface Owners {
  /** Idempotent by the command's id. */
  command(service: SupervisedService, command: RecoveryCommand): Promise<CommandAnswer>;
  /** What the supervisor proves by itself: its bus, its disk. */
  proveSelf(probe: ProbeSpec): Promise<{ ok: boolean; detail: string }>;
}

export interface Proof {
  readonly ok: boolean;
  /** What was asked about is not configured any more. */
  readonly gone: boolean;
  readonly detail: string;
}

export interface AttemptLimits {
  readonly commandTimeoutMs: number;
  readonly probeTimeoutMs: number;
}

/** Characters; an attempt's schema takes no more. */
const MAX_DETAIL = 1000;

const isSelf = (service: ServiceName): service is 'supervisor' => service === 'supervisor';

export async function prove(
  incident: Pick<Incident, 'id' | 'service'>,
  probe: ProbeSpec,
  commandId: string,
  owners: Owners,
  limits: AttemptLimits,
): Promise<Proof> {
  if (isSelf(incident.service)) {
    const { ok, detail } = await owners.proveSelf(probe);
    return { ok, gone: false, detail: detail.slice(0, MAX_DETAIL) };
  }
  const answer = await owners.command(incident.service, {
    id: commandId,
    service: incident.service,
    verb: 'probe',
    args: { ...probe },
    deadlineMs: limits.probeTimeoutMs,
    incidentId: incident.id,
  });
  const { outcome, detail } = answer;
  return { ok: outcome === 'done', gone: outcome === 'gone', detail: detail.slice(0, MAX_DETAIL) };
}

/** Does what the attempt says, commands first, and lets the probe judge. Done again with the same ids it changes nothing. */
export async function performAttempt(
  incident: Incident,
  attempt: Attempt,
  owners: Owners,
  limits: AttemptLimits,
  clock: Clock,
  signal: AbortSignal,
): Promise<Attempt> {
  const finish = (facts: Pick<Attempt, 'outcome' | 'detail' | 'data' | 'verified'>): Attempt => ({
    ...attempt,
    finishedAt: new Date(clock.now()).toISOString(),
    ...facts,
  });
  let data: Attempt['data'];
  let detail = '';
  for (const [index, { service, verb, args }] of attempt.commands.entries()) {
    if (isSelf(service)) continue;
    const id = `${attempt.commandId}-${index}`;
    const answer = await owners.command(service, {
      id,
      service,
      verb,
      args,
      deadlineMs: limits.commandTimeoutMs,
      incidentId: incident.id,
    });
    detail = answer.detail.slice(0, MAX_DETAIL);
    if ('data' in answer && answer.data) data = answer.data;
    if (answer.outcome !== 'done') {
      return finish({ outcome: answer.outcome, detail, verified: false, ...(data ? { data } : {}) });
    }
  }
  if (attempt.settleMs) await clock.sleep(attempt.settleMs, signal);
  if (!attempt.probe) return finish({ outcome: 'done', detail, ...(data ? { data } : {}) });
  const proof = await prove(incident, attempt.probe, `${attempt.commandId}-probe`, owners, limits);
  const outcome = proof.gone ? 'gone' : 'done';
  return finish({ outcome, detail: proof.detail, verified: proof.ok, ...(data ? { data } : {}) });
}
