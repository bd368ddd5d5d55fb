/** All hearing works on 16 kHz mono. */
export const HEARING_RATE_HZ = 16_000;
/** What the model takes at a time; the same for every way to detect speech. */
export const FRAME_SAMPLES = 512;
export const FRAME_MS = (FRAME_SAMPLES * 1000) / HEARING_RATE_HZ;

/** Cuts a stream of pieces of any length into frames of 32 ms; the rest waits for the next piece. */
export function createFrameCutter(): (samples: Float32Array) => Float32Array[] {
  let rest = new Float32Array(0);
  return (samples) => {
    const all = new Float32Array(rest.length + samples.length);
    all.set(rest);
    all.set(samples, rest.length);
    const frames: Float32Array[] = [];
    let start = 0;
    for (; start + FRAME_SAMPLES <= all.length; start += FRAME_SAMPLES) {
      frames.push(all.subarray(start, start + FRAME_SAMPLES));
    }
    rest = all.slice(start);
    return frames;
  };
}
