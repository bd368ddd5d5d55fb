import { randomUUID } from 'node:crypto';
import type { Incident } from '@understudy/shared/contracts';
import { probeOf } from './attempts.ts';
import type { Cause } from './causes.ts';
import { type AttemptLimits, type Owners, prove } from './perform-attempt.ts';

/** Causes that joined a recovery of another kind: its probe says nothing about them. @returns those that still fail */
export async function proveOthers(
  { id }: Pick<Incident, 'id'>,
  causes: readonly Cause[],
  owners: Owners,
  limits: AttemptLimits,
): Promise<Cause[]> {
  const proofs = await Promise.all(
    causes.map(async (cause) => ({
      cause,
      proof: await prove({ id, service: cause.service }, probeOf(cause), randomUUID(), owners, limits),
    })),
  );
  return proofs.filter(({ proof }) => !proof.ok && !proof.gone).map(({ cause }) => cause);
}
