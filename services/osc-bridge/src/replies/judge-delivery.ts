import type { ErrorEvent, LevelBy } from '@understudy/shared/contracts';
import type { ErrorCode } from '@understudy/shared/errors';
import type { OpenFailures } from '../open-failures.ts';

/** May a sentence be shown now? */
export type DeliveryVerdict =
  | { readonly may: true }
  | { readonly may: false; readonly result: 'skipped' }
  | { readonly may: false; readonly result: 'failed'; readonly error: ErrorEvent | undefined };

/** Failures that keep the bridge from acting; the first open one is what a viewer's answer names. */
const CAUSES: readonly ErrorCode[] = ['OSC_CONNECTION_LOST', 'OSC_SEND_FAILED', 'OSC_PORT_IN_USE'];

export function judgeDelivery(
  ceiling: LevelBy,
  observed: LevelBy,
  failures: Pick<OpenFailures, 'of'>,
): DeliveryVerdict {
  if (ceiling.level === 'off') return { may: false, result: 'skipped' };
  if (observed.level !== 'off') return { may: true };
  const error = CAUSES.map((code) => failures.of(code)).find((event) => event !== undefined);
  return { may: false, result: 'failed', error };
}
