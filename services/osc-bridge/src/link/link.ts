/**
 * Is VRChat there? UDP never says: sending to a closed port succeeds, and an avatar that does not move sends nothing.
 * What counts is proof: any message of VRChat, or the echo of a parameter that was set for this purpose.
 * Times are steady milliseconds.
 */
export interface LinkLimits {
  readonly quietAfterMs: number;
  readonly echoIntervalMs: number;
  readonly lostAfterProbes: number;
}

/** Pause after an avatar change: fast sends during a switch stop all updates (vrchat-community/osc#76). */
export const AVATAR_PAUSE_MS = 1000;

/** Does this avatar echo the parameter? `works`: it did, or has the bool; `absent`: it has none, so silence proves nothing. */
export type EchoAbility = 'unknown' | 'works' | 'absent';

/** What else is known of a VRChat that does not echo; while it loads a world it sends and applies nothing. */
export type PeerHint = 'gone' | 'runs' | 'loading' | 'unknown';
export type Witness = 'oscquery' | 'log' | 'nothing';
export interface PeerEvidence {
  readonly peer: PeerHint;
  readonly by: Witness;
}

/** Has the avatar the echo parameter, by what lists of its parameters say? */
export type ListedParameter = 'absent' | 'present' | 'unknown';

export type LossReason = 'no_answer' | 'vrchat_gone' | 'osc_off';

interface Facts {
  /** The last message that was no echo of ours. */
  readonly heardAt: number | undefined;
  readonly echoedAt: number | undefined;
  readonly askedAt: number | undefined;
  readonly askNotBefore: number;
  /** Asks in a row without any proof. */
  readonly unanswered: number;
  /** Asks in a row without an echo although VRChat sent other messages. */
  readonly ignored: number;
  /** Echoes in a row that only OSCQuery showed: VRChat changed the parameter, so it sent a message, and none arrived. */
  readonly unheard: number;
  readonly echo: EchoAbility;
}

/** `connected`: VRChat sends. `quiet`: it sends nothing by itself, which is no failure. `lost`: it gives no proof when asked. */
export type Link = Facts &
  (
    | { readonly state: 'connected' }
    | { readonly state: 'quiet' }
    | { readonly state: 'lost'; readonly reason: LossReason; readonly by: Witness }
  );

export const NEW_LINK: Link = {
  state: 'quiet',
  heardAt: undefined,
  echoedAt: undefined,
  askedAt: undefined,
  askNotBefore: 0,
  unanswered: 0,
  ignored: 0,
  unheard: 0,
  echo: 'unknown',
};

const facts = ({ heardAt, echoedAt, askedAt, askNotBefore, unanswered, ignored, unheard, echo }: Link): Facts => ({
  heardAt,
  echoedAt,
  askedAt,
  askNotBefore,
  unanswered,
  ignored,
  unheard,
  echo,
});

const since = (at: number | undefined, now: number): number => (at === undefined ? Number.POSITIVE_INFINITY : now - at);
const provenAgo = (link: Link, now: number): number => Math.min(since(link.heardAt, now), since(link.echoedAt, now));

/** The last sign of VRChat, of either kind. */
export const provenAt = ({ heardAt, echoedAt }: Link): number | undefined =>
  heardAt === undefined || echoedAt === undefined ? (heardAt ?? echoedAt) : Math.max(heardAt, echoedAt);

/** Any message of VRChat. */
export const onHeard = (link: Link, now: number): Link => ({
  ...facts(link),
  state: 'connected',
  heardAt: now,
  unanswered: 0,
  unheard: 0,
});

const proven = { unanswered: 0, ignored: 0, echo: 'works' } as const;

/** The echo that was asked for came back; after a loss it is the first sign of life. */
export function onEcho(link: Link, now: number): Link {
  const back = link.state === 'lost' ? onHeard(link, now) : link;
  return { ...back, ...proven, echoedAt: now, unheard: 0 };
}

/** OSCQuery shows what was asked for, and the message with which VRChat tells a change did not come. */
export function onEchoShown(link: Link, now: number): Link {
  const back: Link = link.state === 'lost' ? { ...facts(link), state: 'quiet' } : link;
  return { ...back, ...proven, echoedAt: now, unheard: link.unheard + 1 };
}

/** Another avatar: whether it echoes must be learned anew, after a pause. */
export const onAvatarChange = (link: Link, now: number): Link => ({
  ...onHeard(link, now),
  ignored: 0,
  echo: 'unknown',
  askNotBefore: now + AVATAR_PAUSE_MS,
});

export const onAsked = (link: Link, now: number): Link => ({ ...link, askedAt: now });

/** Silence ends `connected`; it is never a loss by itself. */
export const onTime = (link: Link, now: number, limits: LinkLimits): Link =>
  link.state === 'connected' && since(link.heardAt, now) >= limits.quietAfterMs
    ? { ...facts(link), state: 'quiet' }
    : link;

const LOSS_REASONS: Record<Exclude<PeerHint, 'loading'>, LossReason> = {
  gone: 'vrchat_gone',
  runs: 'osc_off',
  unknown: 'no_answer',
};

/** VRChat sent something else while the echo was waited for: it is there, but does not apply. */
function onIgnored(link: Link, limits: LinkLimits): Link {
  const ignored = link.ignored + 1;
  const absent = link.echo === 'unknown' && ignored >= limits.lostAfterProbes;
  return { ...link, ignored: absent ? 0 : ignored, echo: absent ? 'absent' : link.echo };
}

/** The echo did not come in time. */
export function onNoEcho(before: Link, limits: LinkLimits, { peer, by }: PeerEvidence, listed: ListedParameter): Link {
  if (listed === 'absent') return { ...before, echo: 'absent', unanswered: 0, ignored: 0 };
  const link: Link = listed === 'present' ? { ...before, echo: 'works' } : before;
  const heardMeanwhile = link.heardAt !== undefined && link.askedAt !== undefined && link.heardAt >= link.askedAt;
  if (heardMeanwhile) return onIgnored(link, limits);
  if (peer === 'loading') return before;
  if (link.echo === 'absent' && peer !== 'gone') return link;
  const unanswered = link.unanswered + 1;
  if (link.state === 'lost' || unanswered < limits.lostAfterProbes) return { ...link, unanswered };
  // It was heard with this avatar, which never echoed: perhaps it has no such bool and just stands still.
  const standsStill = link.echo === 'unknown' && link.heardAt !== undefined && peer === 'unknown';
  if (standsStill) return { ...link, echo: 'absent', unanswered: 0 };
  return { ...facts(link), unanswered, state: 'lost', reason: LOSS_REASONS[peer], by };
}

/** VRChat sends and once applied what we set, but no longer does (vrchat-community/osc#180). */
export const isStale = (link: Link, limits: LinkLimits): boolean =>
  link.state !== 'lost' && link.echo === 'works' && link.ignored >= limits.lostAfterProbes;

/** VRChat applies what it is sent, but what it sends does not arrive. */
export const isUnheard = (link: Link, limits: LinkLimits): boolean =>
  link.state === 'quiet' && link.unheard >= limits.lostAfterProbes;

/** Nothing tells a standing avatar from a VRChat that is gone. */
export const isUnproven = (link: Link, now: number, limits: LinkLimits): boolean =>
  link.state === 'quiet' && provenAgo(link, now) >= limits.quietAfterMs;

/** Is it time to ask for the echo? */
export function isAskDue(link: Link, now: number, limits: LinkLimits): boolean {
  const askedAgo = since(link.askedAt, now);
  if (now < link.askNotBefore) return false;
  // The first ask may have set what was set already, and then no echo comes: the second toggles.
  const doubtful = link.unanswered > 0 && link.state !== 'lost' && link.echo !== 'absent';
  if (doubtful) return true;
  if (askedAgo < limits.echoIntervalMs) return false;
  if (link.echo === 'unknown' || link.state === 'lost') return true;
  if (provenAgo(link, now) >= limits.echoIntervalMs) return true;
  // While it sends, the echo still proves that it applies what it is sent.
  const doubtsApplying = link.ignored > 0;
  return link.echo === 'works' && (doubtsApplying || since(link.echoedAt, now) >= limits.quietAfterMs);
}
