import type { Clock } from '@understudy/shared/service';
import type { LookResult } from '../child/looker.ts';
import type { Frame } from '../sources/frame-source.ts';
import type { FrameSlot } from './frame-slot.ts';

export interface LookLoop {
  readonly slot: FrameSlot;
  readonly clock: Clock;
  look(image: Buffer): Promise<LookResult>;
  /** Frames per second at the most, asked anew for each frame. */
  maxFps(): number;
  onLook(frame: Frame, result: LookResult): void;
}

/** Looks at the latest frame, then at the latest after it, until the signal is aborted. Resolves then. */
export async function runLookLoop({ slot, clock, look, maxFps, onLook }: LookLoop, signal: AbortSignal): Promise<void> {
  try {
    while (!signal.aborted) {
      const frame = await slot.take(signal);
      const beganAt = clock.now();
      onLook(frame, await look(frame.image));
      const spentMs = Math.max(0, clock.now() - beganAt);
      await clock.sleep(Math.max(0, 1000 / maxFps() - spentMs), signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
