/** The bubble goes out by itself when no sentence follows: one that stays is what viewers see of a crash. */
export const TYPING_LEASE_MS = 10_000;

export interface Typing {
  /** What VRChat shows; `unknown` after a start, a reconnect, a loss or a message that was refused, and then it is told. */
  readonly lit: boolean | 'unknown';
  /** Steady milliseconds until which it is wanted; 0: not wanted. */
  readonly until: number;
}

export const TYPING_UNKNOWN: Typing = { lit: 'unknown', until: 0 };

export const typingAfterSentence = (typing: Typing, final: boolean, now: number): Typing => ({
  ...typing,
  until: final ? 0 : now + TYPING_LEASE_MS,
});

/** @returns `send`: what the indicator is to be set to now, where it is not so yet */
export function nextTyping(typing: Typing, now: number): { typing: Typing; send: boolean | undefined } {
  const wanted = now < typing.until;
  return wanted === typing.lit ? { typing, send: undefined } : { typing: { ...typing, lit: wanted }, send: wanted };
}
