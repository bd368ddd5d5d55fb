import { FRAME_SAMPLES, HEARING_RATE_HZ } from '../audio/frame-cutter.ts';

/** Resonances of the mouth in Hz for a, i, u, e of a man's voice (Peterson and Barney 1952, rounded). */
const VOWELS: readonly (readonly number[])[] = [
  [730, 1090, 2440, 3400],
  [270, 2290, 3010, 3700],
  [300, 870, 2240, 3300],
  [530, 1840, 2480, 3500],
];
const BANDWIDTHS_HZ = [80, 100, 140, 200];
const PITCH_HZ = 120;
const SYLLABLES_PER_SECOND = 5;
const PEAK = 0.5;

/** A voice that glides through four vowels, always the same: a model of speech takes it for speech (0.7 to 1 from the first frame on). */
export function syntheticSpeech(frames: number): Float32Array[] {
  const samples = new Float32Array(frames * FRAME_SAMPLES);
  const memory = BANDWIDTHS_HZ.map(() => [0, 0]);
  let phase = 0;
  for (let index = 0; index < samples.length; index += 1) {
    const seconds = index / HEARING_RATE_HZ;
    const syllable = Math.floor(seconds * SYLLABLES_PER_SECOND);
    const within = seconds * SYLLABLES_PER_SECOND - syllable;
    phase += (PITCH_HZ * (1 + 0.15 * Math.sin(2 * Math.PI * 1.3 * seconds))) / HEARING_RATE_HZ;
    let sample = phase >= 1 ? 1 : 0;
    phase %= 1;
    for (const [place, bandwidth] of BANDWIDTHS_HZ.entries()) {
      const from = VOWELS[syllable % VOWELS.length]?.[place] ?? 0;
      const to = VOWELS[(syllable + 1) % VOWELS.length]?.[place] ?? 0;
      const frequency = from * (1 - within) + to * within;
      const radius = Math.exp((-Math.PI * bandwidth) / HEARING_RATE_HZ);
      const [a, b] = [2 * radius * Math.cos((2 * Math.PI * frequency) / HEARING_RATE_HZ), -radius * radius];
      const [last = 0, beforeLast = 0] = memory[place] ?? [];
      sample = (1 - a - b) * sample + a * last + b * beforeLast;
      memory[place] = [sample, last];
    }
    samples[index] = sample * Math.sqrt(Math.sin(Math.PI * within));
  }
  const loudest = samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), Number.MIN_VALUE);
  const scaled = samples.map((sample) => (sample / loudest) * PEAK);
  return Array.from({ length: frames }, (_, frame) =>
    scaled.subarray(frame * FRAME_SAMPLES, (frame + 1) * FRAME_SAMPLES),
  );
}
