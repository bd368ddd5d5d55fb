import { randomUUID } from 'node:crypto';
import type { ServiceContext } from '@understudy/shared/service';
import type { Detections } from '../child/look-messages.ts';
import type { PictureStatistics } from '../child/picture-statistics.ts';
import { type Change, type ChangeThresholds, noticeChanges, type ToldChanges } from './notice-changes.ts';
import { noticeDetections, type ToldDetections } from './notice-detections.ts';

export interface ObservationLimits {
  readonly thresholds: ChangeThresholds;
  /** An older frame is the past: what is seen in it is not told. Milliseconds from its capture. */
  readonly maxAgeMs: number;
}

export interface Observations {
  onStatistics(look: PictureStatistics, capturedAt: number): void;
  onDetections(detections: Detections, capturedAt: number): void;
}

/** Publishes what changed from look to look. Neither pictures nor observations are stored. */
export function createObservations(
  context: Pick<ServiceContext, 'bus' | 'clock'>,
  { thresholds, maxAgeMs }: ObservationLimits,
): Observations {
  let toldChanges: ToldChanges = { at: {} };
  let toldDetections: ToldDetections = {};

  /** @returns `undefined` when it is too old */
  function ageOf(capturedAt: number): number | undefined {
    const ageMs = Math.max(0, context.clock.now() - capturedAt);
    return ageMs > maxAgeMs ? undefined : ageMs;
  }
  function publish(changes: readonly Change[], capturedAt: number, ageMs: number): void {
    const observedAt = new Date(capturedAt).toISOString();
    for (const change of changes) {
      context.bus.publish('observation', { id: randomUUID(), ...change, ageMs, observedAt });
    }
  }
  return {
    onStatistics(look, capturedAt) {
      const ageMs = ageOf(capturedAt);
      if (ageMs === undefined) return;
      const noticed = noticeChanges(look, thresholds, toldChanges, context.clock.now());
      toldChanges = noticed.told;
      publish(noticed.changes, capturedAt, ageMs);
    },
    onDetections(detections, capturedAt) {
      const ageMs = ageOf(capturedAt);
      if (ageMs === undefined) return;
      const noticed = noticeDetections(detections, toldDetections);
      toldDetections = noticed.told;
      publish(noticed.changes, capturedAt, ageMs);
    },
  };
}
