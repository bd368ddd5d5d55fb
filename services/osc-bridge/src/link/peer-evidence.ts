import type { LogHint } from '../vrchat-log/log-state.ts';
import type { PeerEvidence } from './link.ts';

/**
 * What OSCQuery and VRChat's log say together of a VRChat that does not echo. OSCQuery tells of this moment, so a closed port
 * outweighs a world that loads; but VRChat closes it with OSC, too: a log that grows outweighs the closed port.
 */
export function weighPeer(oscQuery: 'gone' | 'runs' | 'unknown', log: LogHint): PeerEvidence {
  if (oscQuery === 'runs') return log === 'loading' ? { peer: 'loading', by: 'log' } : { peer: 'runs', by: 'oscquery' };
  if (log === 'runs' || log === 'gone') return { peer: log, by: 'log' };
  if (oscQuery === 'gone') return { peer: 'gone', by: 'oscquery' };
  return log === 'loading' ? { peer: 'loading', by: 'log' } : { peer: 'unknown', by: 'nothing' };
}
