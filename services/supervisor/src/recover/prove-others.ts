import { randomUUID } from 'node:crypto';
import type { Incident } from '@understudy/shared/contracts';
import { probeOf } from './attempts.ts';
import type { Cause } from './causes.ts';
import { type AttemptLimits, type Owners, prove } from './perform-attempt.ts';

/** Causes about which the probe that ended the recovery says nothing. @returns those that still fail, and how */
export async function proveOthers(
  { id }: Pick<Incident, 'id'>,
  causes: readonly Cause[],
  owners: Owners,
  limits: AttemptLimits,
): Promise<{ readonly cause: Cause; readonly detail: string }[]> {
  const proofs = await Promise.all(
    causes.map(async (cause) => ({
      cause,
      proof: await prove({ id, service: cause.service }, probeOf(cause), randomUUID(), owners, limits),
    })),
  );
  return proofs
    .filter(({ proof }) => !proof.ok && !proof.gone)
    .map(({ cause, proof: { detail } }) => ({ cause, detail }));
}
