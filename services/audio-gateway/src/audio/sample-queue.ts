export interface SampleQueue {
  push(samples: Float32Array): void;
  length(): number;
  /** The oldest samples; zeros fill up what is missing. */
  take(count: number): Float32Array;
}

export function createSampleQueue(): SampleQueue {
  const pieces: Float32Array[] = [];
  let length = 0;
  return {
    push(samples) {
      if (samples.length === 0) return;
      pieces.push(samples);
      length += samples.length;
    },
    length: () => length,
    take(count) {
      const taken = new Float32Array(count);
      let filled = 0;
      while (filled < count) {
        const first = pieces.shift();
        if (first === undefined) break;
        const part = first.subarray(0, count - filled);
        taken.set(part, filled);
        filled += part.length;
        if (part.length < first.length) pieces.unshift(first.subarray(part.length));
      }
      length -= filled;
      return taken;
    },
  };
}
