import type { LevelBy } from '@understudy/shared/contracts';
import type { ChildState } from '../child/looker.ts';
import type { DetectionState } from './closer-looks.ts';
import type { Liveness } from './source-liveness.ts';

export interface SeeFacts {
  readonly ceiling: LevelBy;
  readonly child: ChildState['state'];
  /** How the child was lost, while `child` is `failed`. */
  readonly failure?: 'crashed' | 'hung' | 'over_memory';
  readonly source: Liveness['state'];
  /** While the source is lost: only an operator can mend it. */
  readonly isRefused?: boolean;
  readonly isBlack?: boolean;
  readonly detection?: DetectionState;
  /** Optional work was given up to save memory: fewer frames are looked at. */
  readonly shed: boolean;
}

const off = (by: string): LevelBy => ({ level: 'off', by });
const degraded = (by: string): LevelBy => ({ level: 'degraded', by });

/** What can be said of `see`: the worst that holds, named by its cause. */
export function seeLevel(facts: SeeFacts): LevelBy {
  const { ceiling, child, failure = 'crashed', source, shed } = facts;
  if (ceiling.level === 'off') return ceiling;
  if (child === 'failed') return off(`child_${failure}`);
  if (child === 'stopped') return off('stopped');
  if (child === 'starting') return off('child_starting');
  if (source === 'lost') return off(facts.isRefused ? 'source_refused' : 'no_frames');
  if (source === 'waiting') return off('waiting_for_frames');
  if (source === 'frozen') return degraded('frozen');
  if (facts.isBlack) return degraded('black');
  if (facts.detection === 'failed') return degraded('detection_failed');
  if (facts.detection === 'late') return degraded('lagging');
  return shed ? degraded('features_shed') : { level: 'full', by: 'child' };
}
