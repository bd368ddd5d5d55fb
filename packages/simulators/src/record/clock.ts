/** Epoch milliseconds that never step back: gaps between two readings are true even when the machine's clock is set. */
export const monotonicNow = (): number => performance.timeOrigin + performance.now();
