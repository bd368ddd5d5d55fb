import { constants } from 'node:fs';
import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AudioOutput } from '@understudy/shared/config';
import type { ServiceContext } from '@understudy/shared/service';
import { joinSamples } from '../audio/join-samples.ts';
import { encodeWav } from '../audio/wav.ts';
import type { AudioSink } from './audio-sink.ts';

type WavOutput = Extract<AudioOutput, { kind: 'wav' }>;

/** Longer speech is cut: five minutes at 48 kHz. */
const MAX_SAMPLES = 300 * 48_000;

/** A folder into which each sentence is written as one WAV file, whole or not at all, named by time and order. */
export function createWavSink({ clock }: Pick<ServiceContext, 'clock'>, output: WavOutput): AudioSink {
  let written = 0;
  // What cannot be made shows when the output is asked.
  void mkdir(output.folder, { recursive: true }).catch(() => {});

  return {
    id: output.id,
    async isThere() {
      try {
        await access(output.folder, constants.W_OK);
        return { ok: true, detail: `${output.id} can be written` };
      } catch (error) {
        const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
        return { ok: false, detail: `${output.id}: ${output.folder} cannot be written: ${reason}` };
      }
    },
    async play({ sampleRate, pieces }, onBegin, signal) {
      const spoken: Float32Array[] = [];
      let length = 0;
      for await (const piece of pieces) {
        if (signal.aborted || length + piece.length > MAX_SAMPLES) break;
        spoken.push(piece);
        length += piece.length;
      }
      if (signal.aborted || length === 0) return;
      written += 1;
      const stamp = new Date(clock.now()).toISOString().replaceAll(':', '-');
      const name = `${stamp}-${String(written).padStart(4, '0')}.wav`;
      await writeFile(join(output.folder, `.${name}.part`), encodeWav({ sampleRate, samples: joinSamples(spoken) }));
      await rename(join(output.folder, `.${name}.part`), join(output.folder, name));
      onBegin();
    },
  };
}
