import { randomUUID } from 'node:crypto';
import type { ServiceContext } from '@understudy/shared/service';
import type { PictureStatistics } from '../child/picture-statistics.ts';
import { type ChangeThresholds, noticeChanges, type ToldChanges } from './notice-changes.ts';

/** Publishes what changed from look to look. Neither pictures nor observations are stored. */
export function createObservations(
  context: Pick<ServiceContext, 'bus' | 'clock'>,
  thresholds: ChangeThresholds,
): (look: PictureStatistics, capturedAt: number) => void {
  let told: ToldChanges = { at: {} };
  return (look, capturedAt) => {
    const now = context.clock.now();
    const noticed = noticeChanges(look, thresholds, told, now);
    told = noticed.told;
    for (const change of noticed.changes) {
      context.bus.publish('observation', {
        id: randomUUID(),
        ...change,
        ageMs: Math.max(0, now - capturedAt),
        observedAt: new Date(capturedAt).toISOString(),
      });
    }
  };
}
