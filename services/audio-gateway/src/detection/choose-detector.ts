import type { SileroDetector } from './silero-detector.ts';
import type { SpeechDetector } from './speech-detector.ts';

/** The engine of the configuration, also after a reload. */
export function createChosenDetector(
  engine: () => 'silero' | 'energy',
  silero: SileroDetector,
  energy: SpeechDetector,
): SpeechDetector {
  let last = engine();
  const chosen = (): SpeechDetector => {
    const now = engine();
    if (now !== last && now === 'energy') void silero.rest();
    last = now;
    return now === 'silero' ? silero : energy;
  };
  return {
    judge: (frame, answer) => chosen().judge(frame, answer),
    interrupt: () => chosen().interrupt(),
  };
}
