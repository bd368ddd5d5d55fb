/** Tells how likely a frame is speech: a model, or loudness alone. */
export interface SpeechDetector {
  /**
   * @param frame 32 ms at 16 kHz mono
   * @param answer called once for each frame, with 0 to 1; a model answers later
   */
  judge(frame: Float32Array, answer: (probability: number) => void): void;
  /** What comes next has nothing to do with what came: the stream broke off, or nobody listened. */
  interrupt(): void;
}
