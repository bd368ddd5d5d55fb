import { ServiceError } from '@understudy/shared/errors';
import type { OpenFailures } from '../open-failures.ts';
import type { LinkView } from './link-watch.ts';
import { type LossFacts, lossMessage, staleMessage } from './loss-message.ts';

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
 * @param haveSockets without them a missing echo says nothing of VRChat, and another failure is open already
 */
export function reportLink(
  failures: OpenFailures,
  { link, stale }: LinkView,
  facts: LossFacts,
  haveSockets: boolean,
): void {
  if (link.state !== 'lost') failures.end('OSC_CONNECTION_LOST');
  else if (haveSockets) {
    const context = { reason: link.reason, knownBy: link.by, ...facts };
    const message = lossMessage(link.reason, link.by, facts);
    failures.begin(new ServiceError('OSC_CONNECTION_LOST', message, { subject: 'vrchat', capability: 'act', context }));
  }
  if (!stale) failures.end('OSC_PARAMETERS_STALE');
  else {
    failures.begin(
      new ServiceError('OSC_PARAMETERS_STALE', staleMessage(facts), {
        subject: 'vrchat',
        capability: 'act',
        context: { ...facts },
      }),
    );
  }
}
