// The physical layer of simulated speech: each symbol is one byte, sounded as two tones at once, the high nibble in one band and the
// low nibble in another. Both bands lie inside telephone speech (300..3400 Hz), so every sample rate from 8 kHz up carries them.

/** Length of one symbol. 40 ms keeps the 30 ms analysis window inside the symbol even when its start is 5 ms off. */
export const SYMBOL_MS = 40;

const TONE_SPACING_HZ = 75;
const TONES_PER_BAND = 16;

const band = (lowestHz: number): readonly number[] =>
  Array.from({ length: TONES_PER_BAND }, (_, index) => lowestHz + index * TONE_SPACING_HZ);

/** 600..1725 Hz, index = high nibble. */
export const HIGH_NIBBLE_TONES_HZ = band(600);
/** 1950..3075 Hz, index = low nibble. */
export const LOW_NIBBLE_TONES_HZ = band(1950);
/** All tones in one row: 0..15 the high nibble's, 16..31 the low nibble's. */
export const TONES_HZ: readonly number[] = [...HIGH_NIBBLE_TONES_HZ, ...LOW_NIBBLE_TONES_HZ];
export const BAND_SIZE = TONES_PER_BAND;

/** Below this (Hz) the highest tone would alias. */
export const MIN_SAMPLE_RATE = 8000;

export function checkSampleRate(sampleRate: number): void {
  if (!(sampleRate >= MIN_SAMPLE_RATE)) {
    throw new RangeError(`The sample rate is ${sampleRate} Hz, simulated speech needs at least ${MIN_SAMPLE_RATE} Hz.`);
  }
}
