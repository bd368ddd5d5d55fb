import type { ProbeResult } from '@understudy/shared/service';

/** Epoch milliseconds. */
export interface SourceHealth {
  readonly lastFrameAt: number | undefined;
  /** Since when every sample is exactly zero. */
  readonly zeroSince: number | undefined;
  readonly lostPackets: number;
  /** Why it delivers nothing and what to do, for an operator, where that is known. */
  readonly problem?: string;
  /** Why the server that has the device is away: no fault of the device. */
  readonly outage?: string;
}

/**
 * Until the first frame of a device that has just been opened. PulseAudio's null sink at rest ends its block of 2 s first (loaded 3 s);
 * a Bluetooth headset changes its profile. A switch must answer within `recovery.command_timeout_ms`, 4 s by default.
 */
export const OPENING_MS = 3500;

/** Takes 16 kHz mono samples, -1 to 1, in pieces of any length. */
export type SampleListener = (samples: Float32Array) => void;

/** An approved input. It is always watched; only the selected one is listened to. */
export interface AudioSource {
  readonly id: string;
  /** Why it is never opened, for an operator. */
  readonly refusal?: string;
  /** Its sound arrives as it is made, so that its clock can be judged. */
  readonly keepsTime?: boolean;
  start(listener: SampleListener): void;
  stop(): void;
  health(): SourceHealth;
  /** Asks the server that has the device, where there is one; `health` knows the answer then. */
  askServer?(): Promise<void>;
  /** Proves, within about 400 ms (`OPENING_MS` where it must be opened first), that it delivers now. */
  test(signal: AbortSignal): Promise<ProbeResult>;
  close(): void;
}
