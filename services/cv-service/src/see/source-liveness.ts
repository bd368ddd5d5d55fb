/** What is known of the frames of one source since it was first opened. Times are epoch milliseconds. */
export interface SeenFrames {
  readonly openedAt: number;
  readonly lastFrameAt?: number;
  /** Identity of the last picture's bytes, and since when nothing else has come. */
  readonly picture?: string;
  readonly pictureSince?: number;
}

export interface LivenessLimits {
  readonly frameTimeoutMs: number;
  readonly frozenAfterMs: number;
}

/** `waiting`: nothing has come yet, and there is still time. */
export type Liveness =
  | { readonly state: 'waiting' }
  | { readonly state: 'live' }
  | { readonly state: 'lost'; readonly silentMs: number }
  | { readonly state: 'frozen'; readonly sameMs: number };

/**
 * @param picture a hash of the encoded bytes: a capture that stands still sends the same bytes, a quiet scene does not
 */
export function noteFrame(seen: SeenFrames, picture: string, at: number, limits: LivenessLimits): SeenFrames {
  const interrupted = at - (seen.lastFrameAt ?? at) >= limits.frameTimeoutMs;
  const same = seen.picture === picture && !interrupted;
  return { ...seen, lastFrameAt: at, picture, pictureSince: same ? (seen.pictureSince ?? at) : at };
}

export function judgeLiveness(seen: SeenFrames, now: number, limits: LivenessLimits): Liveness {
  const silentMs = now - (seen.lastFrameAt ?? seen.openedAt);
  if (silentMs >= limits.frameTimeoutMs) return { state: 'lost', silentMs };
  if (seen.lastFrameAt === undefined) return { state: 'waiting' };
  // Up to the last frame: what has not come cannot be the same.
  const sameMs = seen.lastFrameAt - (seen.pictureSince ?? seen.lastFrameAt);
  return sameMs >= limits.frozenAfterMs ? { state: 'frozen', sameMs } : { state: 'live' };
}
