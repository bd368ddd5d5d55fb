import type { LevelBy } from '@understudy/shared/contracts';
import type { LinkView } from './link/link-watch.ts';

export interface ActFacts {
  readonly isReceiving: boolean;
  readonly canSend: boolean;
  readonly view: LinkView;
}

/** What the bridge observes of `act`; the first that holds. */
export function judgeAct({ isReceiving, canSend, view }: ActFacts): LevelBy {
  if (!canSend) return { level: 'off', by: 'cannot_send' };
  if (view.link.state === 'lost') return { level: 'off', by: isReceiving ? 'no_echo' : 'port_in_use' };
  if (!isReceiving) return { level: 'degraded', by: 'port_in_use' };
  if (view.unheard) return { level: 'degraded', by: 'not_heard' };
  if (view.stale) return { level: 'degraded', by: 'parameters_stale' };
  if (view.unproven) return { level: 'degraded', by: 'unproven' };
  return { level: 'full', by: 'vrchat' };
}
