/** All hearing works on 16 kHz mono. */
export const HEARING_RATE_HZ = 16_000;
/** What the model takes at a time; the same for every way to detect speech. */
export const FRAME_SAMPLES = 512;
export const FRAME_MS = (FRAME_SAMPLES * 1000) / HEARING_RATE_HZ;

/** Cuts a stream of pieces of any length into frames of 32 ms; the rest waits for the next piece. */
export function createFrameCutter(): (samples: Float32Array) => Float32Array[] {
  let frame = new Float32Array(FRAME_SAMPLES);
  let filled = 0;
  return (samples) => {
    const frames: Float32Array[] = [];
    let taken = 0;
    while (taken < samples.length) {
      const part = samples.subarray(taken, taken + FRAME_SAMPLES - filled);
      frame.set(part, filled);
      filled += part.length;
      taken += part.length;
      if (filled < FRAME_SAMPLES) break;
      frames.push(frame);
      frame = new Float32Array(FRAME_SAMPLES);
      filled = 0;
    }
    return frames;
  };
}
