import type { ProbeResult } from '@understudy/shared/service';
import type { SileroDetector } from './silero-detector.ts';
import type { SpeechDetector } from './speech-detector.ts';

export interface ChosenDetector extends SpeechDetector {
  /** Does the model work, where it is the one that is chosen? */
  probe(signal: AbortSignal): Promise<ProbeResult>;
}

/** The engine of the configuration, also after a reload. */
export function createChosenDetector(
  engine: () => 'silero' | 'energy',
  silero: SileroDetector,
  energy: SpeechDetector,
): ChosenDetector {
  let last = engine();
  const chosen = (): SpeechDetector => {
    const now = engine();
    if (now !== last && now === 'energy') void silero.dismiss();
    last = now;
    return now === 'silero' ? silero : energy;
  };
  return {
    judge: (frame, answer) => chosen().judge(frame, answer),
    interrupt: () => chosen().interrupt(),
    async probe(signal) {
      if (engine() === 'silero') return silero.probe(signal);
      return {
        ok: false,
        gone: true,
        detail: 'audio.speech_detection.engine is energy now; the model is not asked any more',
      };
    },
  };
}
