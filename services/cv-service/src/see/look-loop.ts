import type { Clock } from '@understudy/shared/service';
import type { LookResult } from '../child/looker.ts';
import type { FrameSlot, ReceivedFrame } from './frame-slot.ts';

export interface LookLoop {
  readonly slot: FrameSlot;
  readonly clock: Clock;
  look(image: Buffer): Promise<LookResult>;
  /** Frames per second at the most, asked anew for each frame. */
  maxFps(): number;
  onLook(frame: ReceivedFrame, result: LookResult): void;
  /** After each look at a picture: the models have their own pace. No other look begins meanwhile. */
  lookCloser(frame: ReceivedFrame): Promise<void>;
}

/** Looks at the latest frame, then at the latest after it, until the signal is aborted. Resolves then. */
export async function runLookLoop(
  { slot, clock, look, maxFps, onLook, lookCloser }: LookLoop,
  signal: AbortSignal,
): Promise<void> {
  try {
    while (!signal.aborted) {
      const frame = await slot.take(signal);
      const beganAt = clock.now();
      const result = await look(frame.image);
      onLook(frame, result);
      if (result.type === 'seen') await lookCloser(frame);
      const spentMs = Math.max(0, clock.now() - beganAt);
      await clock.sleep(Math.max(0, 1000 / maxFps() - spentMs), signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
