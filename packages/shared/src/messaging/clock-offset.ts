/** Samples kept: a minute of modes, so that a clock that is set is followed. */
const SAMPLES = 60;

/**
 * How old a message is although the clocks of its author and of its reader differ (Windows and its Linux machine do): the smallest
 * difference seen lately is the difference of the clocks plus the fastest way; what is above it was waiting.
 */
export function createClockOffset() {
  const differences: number[] = [];
  return {
    /** A message that is sent at regular intervals arrived. Epoch milliseconds of both clocks. */
    note(sentAt: number, receivedAt: number): void {
      differences.push(receivedAt - sentAt);
      if (differences.length > SAMPLES) differences.shift();
    },
    /** Milliseconds that a message waited on its way; 0 while nothing is known. */
    ageOf(sentAt: number, receivedAt: number): number {
      if (differences.length === 0) return 0;
      return Math.max(0, receivedAt - sentAt - Math.min(...differences));
    },
  };
}
