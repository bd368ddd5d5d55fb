/** `black`: no picture has been brighter than the limit for long enough. */
export interface BlackWatch {
  /** @param brightness mean of the picture, 0 (black) to 1 */
  noteLook(brightness: number): void;
  /** No pictures come any more. */
  noteLoss(): void;
  isBlack(): boolean;
  /** Resolves with the next picture that is not black. Rejects with the signal's reason. */
  nextVisible(signal: AbortSignal): Promise<void>;
}

export interface BlackLimits {
  readonly blackBelow: number;
  readonly blackAfterMs: number;
}

/** Judged from looks alone: a source that sends nothing is not black but lost. */
export function createBlackWatch(
  now: () => number,
  { blackBelow, blackAfterMs }: BlackLimits,
  onChange: (blackMs: number | undefined) => void,
): BlackWatch {
  let blackSince: number | undefined;
  let isBlack = false;
  const waiting = new Set<() => void>();

  return {
    noteLook(brightness) {
      const before = isBlack;
      const isVisible = brightness >= blackBelow;
      blackSince = isVisible ? undefined : (blackSince ?? now());
      const blackMs = blackSince === undefined ? 0 : now() - blackSince;
      isBlack = blackSince !== undefined && blackMs >= blackAfterMs;
      if (before !== isBlack) onChange(isBlack ? blackMs : undefined);
      if (isVisible) for (const resolve of waiting) resolve();
    },
    noteLoss() {
      if (!isBlack) blackSince = undefined;
    },
    isBlack: () => isBlack,
    async nextVisible(signal) {
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const giveUp = (): void => reject(signal.reason);
      waiting.add(resolve);
      signal.addEventListener('abort', giveUp, { once: true });
      await promise.finally(() => {
        waiting.delete(resolve);
        signal.removeEventListener('abort', giveUp);
      });
    },
  };
}
