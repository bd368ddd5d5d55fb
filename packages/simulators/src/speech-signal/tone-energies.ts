import { BAND_SIZE, MIN_SAMPLE_RATE, SYMBOL_MS, TONES_HZ } from './tones.ts';

// All analysis runs at 8 kHz: the highest tone is 3075 Hz.
const ANALYSIS_RATE = MIN_SAMPLE_RATE;
const HOP_MS = 5;
const HOP = (HOP_MS * ANALYSIS_RATE) / 1000;
/** 30 ms: a Hann window of this length separates neighbours 75 Hz apart and leaves 5 ms of slack at both ends of a symbol. */
const WINDOW = 240;
/** Silence put around the input, so that a frame cut exactly at its edges has whole windows. */
const PAD = WINDOW;
/** Mean square below which a window holds nothing to hear (about -84 dBFS). */
const SILENCE_MEAN_SQUARE = 4;

export const HOPS_PER_SYMBOL = SYMBOL_MS / HOP_MS;

/** For each window of 30 ms, every 5 ms, the energy in each tone. */
export interface ToneEnergies {
  readonly hops: number;
  /** Row-major: `energies[hop * 32 + tone]`. */
  readonly energies: Float32Array;
  /** Index, in samples of the input, at which the symbol seen by this window starts. */
  inputIndexOf(hop: number): number;
}

/** Measures the energy of all 32 tones over time. */
export function measureToneEnergies(samples: Int16Array, sampleRate: number): ToneEnergies {
  const signal = toAnalysisRate(samples, sampleRate);
  const hops = Math.max(0, Math.floor((signal.length - WINDOW) / HOP) + 1);
  const energies = new Float32Array(hops * TONES_HZ.length);
  for (let hop = 0; hop < hops; hop += 1) measureWindow(signal.subarray(hop * HOP, hop * HOP + WINDOW), energies, hop);
  const symbolLead = (HOP * HOPS_PER_SYMBOL - WINDOW) / 2;
  return {
    hops,
    energies,
    inputIndexOf: (hop) => Math.round(((hop * HOP - symbolLead - PAD) * sampleRate) / ANALYSIS_RATE),
  };
}

function measureWindow(window: Float32Array, energies: Float32Array, hop: number): void {
  let square = 0;
  for (const sample of window) square += sample * sample;
  if (square / WINDOW < SILENCE_MEAN_SQUARE) return;
  for (let tone = 0; tone < TONES_HZ.length; tone += 1) {
    const table = tone * WINDOW;
    let real = 0;
    let imaginary = 0;
    for (let index = 0; index < WINDOW; index += 1) {
      const sample = window[index] ?? 0;
      real += sample * (COSINES[table + index] ?? 0);
      imaginary += sample * (SINES[table + index] ?? 0);
    }
    energies[hop * TONES_HZ.length + tone] = real * real + imaginary * imaginary;
  }
}

/** Averages each stretch of input that falls into one analysis sample: a crude low-pass, enough against noise above 4 kHz. */
function toAnalysisRate(samples: Int16Array, sampleRate: number): Float32Array {
  const ratio = sampleRate / ANALYSIS_RATE;
  const signal = new Float32Array(Math.floor(samples.length / ratio) + 2 * PAD);
  for (let index = 0; index < signal.length - 2 * PAD; index += 1) {
    const from = Math.floor(index * ratio);
    const to = Math.max(from + 1, Math.floor((index + 1) * ratio));
    let sum = 0;
    for (let position = from; position < to; position += 1) sum += samples[position] ?? 0;
    signal[PAD + index] = sum / (to - from);
  }
  return signal;
}

const windowed = (wave: (radians: number) => number): Float32Array =>
  Float32Array.from({ length: TONES_HZ.length * WINDOW }, (_, cell) => {
    const index = cell % WINDOW;
    const frequency = TONES_HZ[Math.floor(cell / WINDOW)] ?? 0;
    const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * (index + 0.5)) / WINDOW);
    return hann * wave((2 * Math.PI * frequency * index) / ANALYSIS_RATE);
  });
const COSINES = windowed(Math.cos);
const SINES = windowed(Math.sin);

/** The loudest tone of each band in one window, as a byte, and how much of its bands' energy the two hold (0..1). */
export interface HeardSymbol {
  readonly symbol: number;
  readonly clarity: number;
}

export function hearSymbol(measured: ToneEnergies, hop: number): HeardSymbol {
  const high = loudest(measured.energies, hop * TONES_HZ.length);
  const low = loudest(measured.energies, hop * TONES_HZ.length + BAND_SIZE);
  return { symbol: (high.tone << 4) | low.tone, clarity: (high.share + low.share) / 2 };
}

/** How much of its bands' energy a given symbol holds in one window (0..1). */
export function shareOf(measured: ToneEnergies, hop: number, symbol: number): number {
  const row = hop * TONES_HZ.length;
  return (
    (shareOfTone(measured.energies, row, symbol >> 4) +
      shareOfTone(measured.energies, row + BAND_SIZE, symbol & 0x0f)) /
    2
  );
}

function shareOfTone(energies: Float32Array, start: number, tone: number): number {
  let sum = 0;
  for (let index = 0; index < BAND_SIZE; index += 1) sum += energies[start + index] ?? 0;
  return sum === 0 ? 0 : (energies[start + tone] ?? 0) / sum;
}

function loudest(energies: Float32Array, start: number): { tone: number; share: number } {
  let tone = 0;
  for (let index = 1; index < BAND_SIZE; index += 1) {
    if ((energies[start + index] ?? 0) > (energies[start + tone] ?? 0)) tone = index;
  }
  return { tone, share: shareOfTone(energies, start, tone) };
}
