import { inThisMode } from '@understudy/shared/config';
import type { LevelBy } from '@understudy/shared/contracts';
import type { OpenFailures } from '../open-failures.ts';
import { judgeDelivery } from '../replies/judge-delivery.ts';

/** @returns why the avatar cannot act now, and what helps; undefined when it can */
export function whyNotAct(ceiling: LevelBy, observed: LevelBy, failures: Pick<OpenFailures, 'of'>): string | undefined {
  const verdict = judgeDelivery(ceiling, observed, failures);
  if (verdict.may) return undefined;
  if (verdict.result === 'skipped')
    return inThisMode(`the supervisor does not let the avatar act now (${ceiling.by}); \`understudy status\` says why`);
  const cause = verdict.error ? `: ${verdict.error.message}` : '';
  return `the avatar cannot act now (${observed.by})${cause}`;
}
