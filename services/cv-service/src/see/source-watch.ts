import { hash } from 'node:crypto';
import type { Frame } from '../sources/frame-source.ts';
import { judgeLiveness, type Liveness, type LivenessLimits, noteFrame, type SeenFrames } from './source-liveness.ts';

export interface SourceWatch {
  noteFrame(frame: Frame): void;
  /** Judges anew; to be called often. */
  tick(): void;
  liveness(): Liveness;
  /**
   * Resolves when a frame comes that proves the source: any while it is live or lost, one with another picture while it is
   * frozen. Rejects with the signal's reason.
   */
  nextProof(signal: AbortSignal): Promise<void>;
}

/** Tells when frames stop, freeze and come again: each once. */
export function createSourceWatch(
  now: () => number,
  limits: LivenessLimits,
  onChange: (liveness: Liveness) => void,
): SourceWatch {
  let seen: SeenFrames = { openedAt: now() };
  let liveness: Liveness = { state: 'waiting' };
  const waiting = new Set<{ readonly notPicture: string | undefined; readonly resolve: () => void }>();

  function tick(): void {
    const before = liveness;
    liveness = judgeLiveness(seen, now(), limits);
    if (before.state !== liveness.state) onChange(liveness);
  }

  return {
    noteFrame({ image, picture = hash('sha1', image) }) {
      seen = noteFrame(seen, picture, now(), limits);
      tick();
      for (const waiter of waiting) if (waiter.notPicture !== picture) waiter.resolve();
    },
    tick,
    liveness: () => liveness,
    async nextProof(signal) {
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const waiter = { notPicture: liveness.state === 'frozen' ? seen.picture : undefined, resolve };
      const giveUp = (): void => reject(signal.reason);
      waiting.add(waiter);
      signal.addEventListener('abort', giveUp, { once: true });
      await promise.finally(() => {
        waiting.delete(waiter);
        signal.removeEventListener('abort', giveUp);
      });
    },
  };
}
