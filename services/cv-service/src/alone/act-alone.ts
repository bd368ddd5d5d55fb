import { ServiceError } from '@understudy/shared/errors';
import type { ServiceContext } from '@understudy/shared/service';
import type { AttemptPace } from './attempt-pace.ts';

/** `idle`: switched off, or on its way already. */
export type RepairCondition = 'works' | 'broken' | 'idle';

/** A part that a command of the supervisor would repair. */
export interface OwnRepair {
  /** The command's verb. */
  readonly name: 'restart-child' | 'reconnect';
  condition(): RepairCondition;
  /** @returns whether it was done */
  repair(): Promise<boolean>;
  readonly pace: AttemptPace;
}

type Needed = Pick<ServiceContext, 'clock' | 'logger' | 'isSupervised' | 'reportError'>;

/**
 * Does what the supervisor's strategies would ask while the supervisor is silent, and tells it once it is back.
 * @returns to be called often
 */
export function createActingAlone(context: Needed, repairs: () => readonly OwnRepair[]): () => void {
  const busy = new Set<string>();
  let actedSince: number | undefined;
  let attempts = 0;

  function tellWhenBack(): void {
    if (actedSince === undefined) return;
    const facts = { attempts, since: new Date(actedSince).toISOString() };
    actedSince = undefined;
    attempts = 0;
    const message = `The supervisor was silent; the cv-service repaired by itself in ${facts.attempts} attempts. If it recurs, see logs/supervisor.log.`;
    context.reportError(new ServiceError('SUPERVISOR_SILENT', message, { context: facts }));
  }

  function act({ name, repair, pace }: OwnRepair): void {
    actedSince ??= context.clock.now();
    attempts += 1;
    busy.add(name);
    const facts = { repair: name, attempt: pace.attempts() };
    context.logger.warning('The supervisor is silent; the service repairs by itself', { context: facts });
    repair()
      .then((done) => context.logger.info('Own repair ended', { context: { ...facts, done } }))
      .catch((error: unknown) => context.logger.error('Own repair failed', { context: facts, err: error }))
      .finally(() => busy.delete(name));
  }

  return () => {
    if (context.isSupervised()) return tellWhenBack();
    const now = context.clock.now();
    for (const repair of repairs()) {
      if (busy.has(repair.name)) continue;
      const condition = repair.condition();
      if (condition === 'works') repair.pace.works(now);
      if (condition === 'broken' && repair.pace.isDue(now)) act(repair);
    }
  };
}
