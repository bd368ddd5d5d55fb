import type { LevelBy } from '@understudy/shared/contracts';
import type { ChildState } from '../child/looker.ts';
import type { Liveness } from './source-liveness.ts';

export interface SeeFacts {
  readonly ceiling: LevelBy;
  readonly child: ChildState['state'];
  /** How the child was lost, while `child` is `failed`. */
  readonly failure?: 'crashed' | 'hung' | 'over_memory';
  readonly source: Liveness['state'];
  /** Optional work was given up to save memory: fewer frames are looked at. */
  readonly shed: boolean;
}

const off = (by: string): LevelBy => ({ level: 'off', by });
const degraded = (by: string): LevelBy => ({ level: 'degraded', by });

/** What can be said of `see`: the worst that holds, named by its cause. */
export function seeLevel({ ceiling, child, failure = 'crashed', source, shed }: SeeFacts): LevelBy {
  if (ceiling.level === 'off') return ceiling;
  if (child === 'failed') return off(`child_${failure}`);
  if (child === 'stopped') return off('stopped');
  if (child === 'starting') return off('child_starting');
  if (source === 'lost') return off('no_frames');
  if (source === 'waiting') return off('waiting_for_frames');
  if (source === 'frozen') return degraded('frozen');
  return shed ? degraded('features_shed') : { level: 'full', by: 'child' };
}
