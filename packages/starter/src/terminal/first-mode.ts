import { setTimeout as delay } from 'node:timers/promises';
import type { UnderstudyClient } from '@understudy/cli';

/** Services need a heartbeat or two after their start until their devices and peers have proved themselves. */
const LIMIT_MS = 6000;
const AGAIN_AFTER_MS = 250;

/** The mode as soon as it is full; else what it is when that has not come in time. `undefined`: the supervisor does not say. */
export async function firstMode(
  client: Pick<UnderstudyClient, 'status'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const giveUpAt = performance.now() + LIMIT_MS;
  let mode: string | undefined;
  while (mode !== 'full' && performance.now() < giveUpAt && !signal.aborted) {
    const status = await client.status().catch(() => undefined);
    mode = status?.mode ?? mode;
    if (mode !== 'full') await delay(AGAIN_AFTER_MS);
  }
  return mode;
}
