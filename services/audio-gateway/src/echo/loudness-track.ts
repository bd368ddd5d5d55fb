/** Fine enough for syllables, coarse enough that the room and the sound card do not change it. */
export const STEP_MS = 16;

/** Loudness (root mean square, linear) of each 16 ms of a stream of samples; what is left at its end waits for more. */
export function createLoudnessTrack(sampleRate: number): {
  push(samples: Float32Array): void;
  steps(): readonly number[];
} {
  const stepSamples = (sampleRate * STEP_MS) / 1000;
  const steps: number[] = [];
  let square = 0;
  let seen = 0;
  let count = 0;
  return {
    push(samples) {
      // A local number: one that outlives the call is boxed anew with each sample.
      let sum = square;
      for (let index = 0; index < samples.length; index += 1) {
        sum += (samples[index] ?? 0) ** 2;
        seen += 1;
        count += 1;
        if (seen < (steps.length + 1) * stepSamples) continue;
        steps.push(Math.sqrt(sum / count));
        sum = 0;
        count = 0;
      }
      square = sum;
    },
    steps: () => steps,
  };
}

export function loudnessSteps(samples: Float32Array, sampleRate: number): readonly number[] {
  const track = createLoudnessTrack(sampleRate);
  track.push(samples);
  return track.steps();
}

/** Pearson's correlation of two tracks, from `start` of the second on; 0 where one of them does not change. */
function correlation(heard: readonly number[], played: readonly number[], start: number): number {
  const count = heard.length;
  let [sumX, sumY, sumXX, sumYY, sumXY] = [0, 0, 0, 0, 0];
  for (let index = 0; index < count; index += 1) {
    const x = heard[index] ?? 0;
    const y = played[start + index] ?? 0;
    sumX += x;
    sumY += y;
    sumXX += x * x;
    sumYY += y * y;
    sumXY += x * y;
  }
  const spread = (sumXX - (sumX * sumX) / count) * (sumYY - (sumY * sumY) / count);
  return spread <= Number.EPSILON ** 2 ? 0 : (sumXY - (sumX * sumY) / count) / Math.sqrt(spread);
}

/**
 * How closely what was heard follows what was played, at the delay at which it does so best.
 * @param played longer than `heard`: each place in it at which `heard` fits is tried
 * @returns -1 to 1
 */
export function closestCorrelation(heard: readonly number[], played: readonly number[]): number {
  let closest = -1;
  for (let start = 0; start + heard.length <= played.length; start += 1) {
    closest = Math.max(closest, correlation(heard, played, start));
  }
  return closest;
}
