import { STEP_MS } from './loudness-track.ts';

/** Eight bands of speech: where two people speak at once, each is the louder one in some of them. */
const CENTRES_HZ = [250, 400, 630, 1000, 1500, 2200, 3200, 4500];
const QUALITY = 2;
/** Lifts the quiet high bands, so that what leaks out of the loud low ones does not cover them. */
const PRE_EMPHASIS = 0.9;

export const BANDS = CENTRES_HZ.length;
/** One value for each band. */
export type BandPowers = Float64Array;

/** Mean power in each band (a resonator of second order) in each 16 ms of a stream; what is left at its end waits for more. */
export function createBandPowers(sampleRate: number): (samples: Float32Array) => BandPowers[] {
  const stepSamples = (sampleRate * STEP_MS) / 1000;
  const input = new Float64Array(BANDS);
  const last = new Float64Array(BANDS);
  const beforeLast = new Float64Array(BANDS);
  for (const [band, hz] of CENTRES_HZ.entries()) {
    // A voice of 8 kHz holds nothing there, and the resonator would swing without end: the band stays silent.
    if (hz >= sampleRate / 2) continue;
    const angle = (2 * Math.PI * hz) / sampleRate;
    const width = Math.sin(angle) / (2 * QUALITY);
    input[band] = width / (1 + width);
    last[band] = (2 * Math.cos(angle)) / (1 + width);
    beforeLast[band] = (width - 1) / (1 + width);
  }
  const y1 = new Float64Array(BANDS);
  const y2 = new Float64Array(BANDS);
  let squares = new Float64Array(BANDS);
  let [previous, x1, x2] = [0, 0, 0];
  let [seen, count, steps] = [0, 0, 0];

  return (samples) => {
    const fresh: BandPowers[] = [];
    // Local numbers: those that outlive the call are boxed anew with each sample.
    let [before, near, far] = [previous, x1, x2];
    for (let index = 0; index < samples.length; index += 1) {
      const sample = samples[index] ?? 0;
      const x = sample - PRE_EMPHASIS * before;
      const rise = x - far;
      before = sample;
      far = near;
      near = x;
      for (let band = 0; band < BANDS; band += 1) {
        const lastY = y1[band] ?? 0;
        const y = (input[band] ?? 0) * rise + (last[band] ?? 0) * lastY + (beforeLast[band] ?? 0) * (y2[band] ?? 0);
        y2[band] = lastY;
        y1[band] = y;
        squares[band] = (squares[band] ?? 0) + y * y;
      }
      seen += 1;
      count += 1;
      if (seen < (steps + 1) * stepSamples) continue;
      fresh.push(squares.map((square) => square / count));
      squares = new Float64Array(BANDS);
      steps += 1;
      count = 0;
    }
    [previous, x1, x2] = [before, near, far];
    return fresh;
  };
}

/** dB of a power; what is quieter than -100 dB is silence. */
export const toDb = (power: number): number => 10 * Math.log10(power + 1e-10);

/** A share of each step runs on into the next: what a room does to single steps by chance evens out. */
const RUNS_ON = 0.6;

export function createSmoothing(): (powers: BandPowers) => BandPowers {
  let smooth = new Float64Array(BANDS);
  return (powers) => {
    smooth = smooth.map((before, band) => before * RUNS_ON + (powers[band] ?? 0) * (1 - RUNS_ON));
    return smooth;
  };
}
