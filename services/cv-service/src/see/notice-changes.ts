import type { Observation } from '@understudy/shared/contracts';
import type { PictureStatistics } from '../child/picture-statistics.ts';

type Kind = Observation['kind'];

export interface ChangeThresholds {
  readonly sceneChange: number;
  readonly brightness: number;
  readonly motion: number;
}

/** When each kind was last told, and the brightness that the next one is measured against. */
export interface ToldChanges {
  readonly at: Partial<Record<Kind, number>>;
  readonly brightness?: number;
}

export type Change = Pick<Observation, 'kind' | 'summary' | 'confidence' | 'value'>;

/** At most one observation of a kind in this time: a model is told, not flooded. */
export const TOLD_AGAIN_AFTER_MS = 2000;

/** At the threshold a coin's toss, at the largest possible change certainty. */
const confidence = (value: number, threshold: number): number =>
  threshold >= 1 ? 1 : Math.min(1, 0.5 + (0.5 * (value - threshold)) / (1 - threshold));

const round = (value: number): number => Math.round(value * 1000) / 1000;

function change(kind: Kind, summary: string, value: number, threshold: number): Change {
  return { kind, summary, value: round(value), confidence: round(confidence(Math.abs(value), threshold)) };
}

/** What in one look is worth telling. Movement is not told beside a new scene, which moves everything. */
export function noticeChanges(
  look: PictureStatistics,
  thresholds: ChangeThresholds,
  told: ToldChanges,
  now: number,
): { readonly changes: readonly Change[]; readonly told: ToldChanges } {
  const { brightness, motion = 0, sceneChange = 0 } = look;
  const isNewScene = sceneChange >= thresholds.sceneChange;
  const lighter = brightness - (told.brightness ?? brightness);
  const candidates: Change[] = [];
  if (isNewScene) {
    candidates.push(change('scene_change', 'The scene has changed.', sceneChange, thresholds.sceneChange));
  }
  if (Math.abs(lighter) >= thresholds.brightness) {
    const summary = lighter > 0 ? 'It has become brighter.' : 'It has become darker.';
    candidates.push(change('brightness', summary, lighter, thresholds.brightness));
  }
  if (motion >= thresholds.motion && !isNewScene) {
    candidates.push(change('motion', 'Something is moving.', motion, thresholds.motion));
  }
  const changes = candidates.filter(({ kind }) => now - (told.at[kind] ?? -Infinity) >= TOLD_AGAIN_AFTER_MS);
  const at = { ...told.at, ...Object.fromEntries(changes.map(({ kind }) => [kind, now])) };
  const isBrightnessTold = told.brightness === undefined || changes.some(({ kind }) => kind === 'brightness');
  return { changes, told: { at, brightness: isBrightnessTold ? brightness : (told.brightness ?? brightness) } };
}
