import type { Frame } from '../sources/frame-source.ts';

/** When it came here; `capturedAt` may be the date of an old file. Epoch milliseconds. */
export interface ReceivedFrame extends Frame {
  readonly receivedAt: number;
}

/** Holds the latest frame alone: a picture that nobody had time for is old news, so there is no queue to grow. */
export interface FrameSlot {
  /** @returns whether a frame that nobody has looked at was replaced */
  put(frame: ReceivedFrame): boolean;
  /** The latest frame, as soon as there is one. Rejects with the signal's reason. */
  take(signal: AbortSignal): Promise<ReceivedFrame>;
  /** @returns bytes given back */
  clear(): number;
}

export function createFrameSlot(): FrameSlot {
  let latest: ReceivedFrame | undefined;
  let wake: (() => void) | undefined;

  return {
    put(frame) {
      const replaced = latest !== undefined;
      latest = frame;
      wake?.();
      return replaced;
    },
    async take(signal) {
      signal.throwIfAborted();
      while (latest === undefined) {
        const { promise, resolve, reject } = Promise.withResolvers<void>();
        const giveUp = (): void => reject(signal.reason);
        signal.addEventListener('abort', giveUp, { once: true });
        wake = resolve;
        await promise.finally(() => signal.removeEventListener('abort', giveUp));
      }
      const frame = latest;
      latest = undefined;
      return frame;
    },
    clear() {
      const bytes = latest?.image.length ?? 0;
      latest = undefined;
      return bytes;
    },
  };
}
