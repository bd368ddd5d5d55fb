import { modulate } from '../speech-signal/speech-signal.ts';

/** Quiet after each utterance, longer than the 600 ms after which speech detectors end an utterance. */
const PAUSE_MS = 900;
/** Room noise while nobody speaks: +-8 of 32767, about -75 dBFS. A real microphone never gives pure zeros. */
const NOISE_PEAK = 8;
const NOISE_SAMPLES = 4096;

/** The endless sound in front of a microphone: speech that was queued, otherwise a little noise. */
export interface VoiceTrack {
  /** Queues a text to be spoken; gives its length in ms (without the wait for what is queued before it). */
  say(text: string): number;
  /** The next samples. */
  read(count: number): Int16Array;
  /** Milliseconds of speech still queued. */
  queuedMs(): number;
}

export function createVoiceTrack(sampleRate: number, random: () => number = Math.random): VoiceTrack {
  const noise = Int16Array.from({ length: NOISE_SAMPLES }, () => Math.round((random() * 2 - 1) * NOISE_PEAK));
  const queue: { samples: Int16Array; position: number }[] = [];
  let noisePosition = 0;

  const nextNoise = (): number => {
    noisePosition = (noisePosition + 1) % NOISE_SAMPLES;
    return noise[noisePosition] ?? 0;
  };
  const nextVoice = (): number => {
    const utterance = queue[0];
    if (!utterance) return 0;
    const sample = utterance.samples[utterance.position] ?? 0;
    utterance.position += 1;
    if (utterance.position >= utterance.samples.length) queue.shift();
    return sample;
  };

  return {
    say(text) {
      const voice = modulate(text, sampleRate);
      const withPause = new Int16Array(voice.length + (PAUSE_MS * sampleRate) / 1000);
      withPause.set(voice);
      queue.push({ samples: withPause, position: 0 });
      return Math.round((voice.length * 1000) / sampleRate);
    },
    // By index: this runs for each of 48,000 samples a second.
    read(count) {
      const samples = new Int16Array(count);
      for (let at = 0; at < count; at += 1) samples[at] = nextNoise() + nextVoice();
      return samples;
    },
    queuedMs: () =>
      Math.round(
        queue.reduce((sum, { samples, position }) => sum + samples.length - position, 0) / (sampleRate / 1000),
      ),
  };
}
