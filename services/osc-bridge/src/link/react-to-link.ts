import type { Logger } from '@understudy/shared/telemetry';
import type { LinkView } from './link-watch.ts';
import type { LossFacts } from './loss-message.ts';
import { linkEvent } from './report-link.ts';

export interface LinkReactions {
  readonly logger: Pick<Logger, 'info' | 'warning'>;
  readonly facts: () => LossFacts;
  readonly onLost: () => void;
  readonly onBack: () => void;
  /** VRChat is there, for the first time or again: its avatar is not known. */
  readonly onUnknownAvatar: () => void;
  /** It applies parameters again after it did not. */
  readonly onAppliesAgain: () => void;
}

/** What follows from a change of the link, besides what is observed and reported of it. */
export function reactToLink(reactions: LinkReactions, before: LinkView, after: LinkView): void {
  const { logger, facts } = reactions;
  const event = linkEvent(before, after);
  if (event === 'lost') reactions.onLost();
  if (event === 'back') {
    logger.info('VRChat is there again', { context: { ...facts() } });
    reactions.onBack();
  }
  if (event === 'back' || event === 'first_sign') reactions.onUnknownAvatar();
  if (before.stale && !after.stale && after.link.state !== 'lost') reactions.onAppliesAgain();
  if (after.link.echo === 'absent' && before.link.echo !== 'absent') {
    logger.warning(
      'The avatar does not echo the probe parameter; add it as a bool, or a loss looks like an idle avatar',
      { context: { parameter: facts().echoParameter } },
    );
  }
}
