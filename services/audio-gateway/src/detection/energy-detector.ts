import { loudnessDb } from '../audio/loudness.ts';
import type { SpeechDetector } from './speech-detector.ts';

/** Of `audio.speech_detection`. */
export interface EnergySettings {
  /** dBFS. */
  readonly start_db: number;
  readonly start_probability: number;
  readonly end_probability: number;
}

/** Speech ends so far below the loudness at which it begins. */
const HYSTERESIS_DB = 6;
/** Where both thresholds of probability are one, loudness must still cross them. */
const LEAST_STEP = 0.01;

/** Crosses the threshold of beginning at `start_db` and that of ending 6 dB below it, so that one segmenter serves both engines. */
export function energyProbability(levelDb: number, settings: EnergySettings): number {
  const { start_db, start_probability, end_probability } = settings;
  const perDb = Math.max(LEAST_STEP, start_probability - end_probability) / HYSTERESIS_DB;
  return Math.min(1, Math.max(0, start_probability + (levelDb - start_db) * perDb));
}

/** Loudness alone: noise that is louder than `start_db` is taken for speech. */
export const createEnergyDetector = (settings: () => EnergySettings): SpeechDetector => ({
  judge: (frame, answer) => answer(energyProbability(loudnessDb(frame), settings())),
  interrupt: () => {},
});
