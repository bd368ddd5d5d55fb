import type { ProbeResult } from '@understudy/shared/service';

/** Epoch milliseconds. */
export interface SourceHealth {
  readonly lastFrameAt: number | undefined;
  /** Since when every sample is exactly zero. */
  readonly zeroSince: number | undefined;
  readonly lostPackets: number;
}

/** Takes 16 kHz mono samples, -1 to 1, in pieces of any length. */
export type SampleListener = (samples: Float32Array) => void;

/** An approved input. It is always watched; only the selected one is listened to. */
export interface AudioSource {
  readonly id: string;
  start(listener: SampleListener): void;
  stop(): void;
  health(): SourceHealth;
  /** Proves, within about 400 ms, that it delivers now. */
  test(signal: AbortSignal): Promise<ProbeResult>;
  close(): void;
}
