import type { Logger, Metrics } from '@understudy/shared/telemetry';
import type { LinkView } from './link-watch.ts';
import type { LossFacts } from './loss-message.ts';
import { linkEvent } from './report-link.ts';

const STATE_VALUES = { lost: 0, quiet: 1, connected: 2 } as const;

export interface LinkReactions {
  readonly metrics: Pick<Metrics, 'set'>;
  readonly logger: Pick<Logger, 'info' | 'warning'>;
  readonly facts: () => LossFacts;
  readonly onLost: () => void;
  readonly onBack: () => void;
  /** VRChat is there, for the first time or again: its avatar is not known. */
  readonly onUnknownAvatar: () => void;
}

/** What follows from a change of the link, besides what is observed and reported of it. */
export function reactToLink(reactions: LinkReactions, before: LinkView, after: LinkView): void {
  const { metrics, logger, facts } = reactions;
  metrics.set('understudy_osc_link_state', {}, STATE_VALUES[after.link.state]);
  const event = linkEvent(before, after);
  if (event === 'lost') reactions.onLost();
  if (event === 'back') {
    logger.info('VRChat is there again', { context: { ...facts() } });
    reactions.onBack();
  }
  if (event === 'back' || event === 'first_sign') reactions.onUnknownAvatar();
  if (after.link.echo === 'absent' && before.link.echo !== 'absent') {
    logger.warning(
      'The avatar does not echo the probe parameter; add it as a bool, or a loss looks like an idle avatar',
      { context: { parameter: facts().echoParameter } },
    );
  }
}
