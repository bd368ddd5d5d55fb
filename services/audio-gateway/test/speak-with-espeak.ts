import { execFileSync, spawnSync } from 'node:child_process';
import { createResampler } from '../src/audio/resampler.ts';
import { decodePcm16, parseWav } from '../src/audio/wav.ts';

/** Why tests with real voices cannot run here; false where they can. */
export const noEspeak: string | false =
  spawnSync('espeak-ng', ['--version']).status === 0 ? false : 'espeak-ng is missing: apt-get install espeak-ng';

/** A real synthetic voice. @returns mono samples at `rateHz` */
export function speakWithEspeak(text: string, voice = 'en-us', rateHz = 16_000, wordsPerMinute = 175): Float32Array {
  const parsed = parseWav(execFileSync('espeak-ng', ['-v', voice, '-s', `${wordsPerMinute}`, '--stdout', text]));
  // Through a pipe its header says no length.
  const audio = parsed.ok ? parsed.audio : { sampleRate: 22_050, samples: decodePcm16(Buffer.alloc(0)) };
  if (audio.samples.length === 0) throw new Error(`espeak-ng said nothing for: ${text}`);
  const resampler = createResampler(audio.sampleRate, rateHz);
  const first = resampler.push(audio.samples);
  const rest = resampler.flush();
  const all = new Float32Array(first.length + rest.length);
  all.set(first);
  all.set(rest, first.length);
  return all;
}
