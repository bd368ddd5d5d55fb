import { type ErrorCode, ServiceError } from '@understudy/shared/errors';
import type { OpenFailures } from '../open-failures.ts';
import type { LinkView } from './link-watch.ts';
import { type LossFacts, lossMessage, staleMessage, unheardMessage } from './loss-message.ts';

/** What a change of the link means to the rest of the bridge. */
export type LinkEvent = 'lost' | 'back' | 'first_sign' | 'none';

const isProven = ({ link }: LinkView): boolean => link.heardAt !== undefined || link.echoedAt !== undefined;

export function linkEvent(before: LinkView, after: LinkView): LinkEvent {
  const isLost = after.link.state === 'lost';
  const wasLost = before.link.state === 'lost';
  if (isLost !== wasLost) return isLost ? 'lost' : 'back';
  return isProven(after) && !isProven(before) ? 'first_sign' : 'none';
}

/**
 * Opens and ends the failures of the link; a repetition changes nothing.
 * @param haveSockets without them silence says nothing of VRChat, and another failure is open already
 */
export function reportLink(
  failures: OpenFailures,
  { link, stale, unheard }: LinkView,
  facts: LossFacts,
  haveSockets: boolean,
): void {
  const begin = (code: ErrorCode, subject: string, message: string, more: Record<string, string> = {}): void => {
    failures.begin(new ServiceError(code, message, { subject, capability: 'act', context: { ...more, ...facts } }));
  };
  if (link.state !== 'lost') failures.end('OSC_CONNECTION_LOST');
  else if (haveSockets) {
    const { reason, by } = link;
    begin('OSC_CONNECTION_LOST', 'vrchat', lossMessage(reason, by, facts), { reason, knownBy: by });
  }
  if (!stale) failures.end('OSC_PARAMETERS_STALE');
  else begin('OSC_PARAMETERS_STALE', 'vrchat', staleMessage(facts));
  // Its probe must hear something at this port: that VRChat applies what it is sent was true all the time.
  if (!unheard) failures.end('OSC_NOT_HEARD');
  else if (haveSockets) begin('OSC_NOT_HEARD', `udp:${facts.receivePort}`, unheardMessage(facts));
}
