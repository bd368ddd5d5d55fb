/** Quieter than any microphone; also what silence measures. */
const FLOOR_DB = -120;

/** The root mean square in dBFS: 0 is a full-scale square wave, `-120` stands for silence and below. */
export function loudnessDb(samples: Float32Array): number {
  let square = 0;
  // By index, as in every loop over samples: `for ... of` boxes each of them (docs/adr/0011-memory.md).
  for (let index = 0; index < samples.length; index += 1) square += (samples[index] ?? 0) ** 2;
  if (square === 0) return FLOOR_DB;
  return Math.max(FLOOR_DB, 10 * Math.log10(square / samples.length));
}

/** Exactly zero: a muted device or a broken driver. A live one always has noise. */
export const isAllZero = (samples: Float32Array): boolean => samples.every((sample) => sample === 0);
