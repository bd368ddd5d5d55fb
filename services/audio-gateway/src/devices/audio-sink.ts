import type { ProbeResult } from '@understudy/shared/service';

export interface Speech {
  /** Hz. */
  readonly sampleRate: number;
  /** Mono, -1 to 1, as it arrives. What it throws is thrown by `play`, after what had arrived was played. */
  readonly pieces: AsyncIterable<Float32Array>;
}

/** An approved output. */
export interface AudioSink {
  readonly id: string;
  /** Proof of life, cheap: asked each `ping_interval_ms`. */
  isThere(signal?: AbortSignal): Promise<ProbeResult>;
  /** Why the server that has the device was away when it was last asked: no fault of the device. */
  outage?(): string | undefined;
  /** A proof that costs more, where there is one: sound really flows, and in its time. */
  test?(signal: AbortSignal): Promise<ProbeResult>;
  /**
   * Plays until the speech has ended or the signal aborts, which ends it silently.
   * @param onBegin the first sound is out
   */
  play(speech: Speech, onBegin: () => void, signal: AbortSignal): Promise<void>;
}
