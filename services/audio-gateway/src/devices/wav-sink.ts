import { constants } from 'node:fs';
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AudioOutput } from '@understudy/shared/config';
import { ServiceError } from '@understudy/shared/errors';
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
  const explain = (error: unknown): string => {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return `${output.id}: ${output.folder} cannot be written: ${reason}; make the folder and room in it, or let this service write to it`;
  };
  // What cannot be made shows when the output is asked.
  void mkdir(output.folder, { recursive: true }).catch(() => {});

  return {
    id: output.id,
    async isThere() {
      try {
        await access(output.folder, constants.W_OK);
        return { ok: true, detail: `${output.id} can be written` };
      } catch (error) {
        return { ok: false, detail: explain(error) };
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
      const part = join(output.folder, `.${name}.part`);
      try {
        await writeFile(part, encodeWav({ sampleRate, samples: joinSamples(spoken) }));
        await rename(part, join(output.folder, name));
      } catch (error) {
        await rm(part, { force: true }).catch(() => {});
        throw lostError(output.id, `Output ${explain(error)}`, error);
      }
      onBegin();
    },
  };
}

const lostError = (id: string, message: string, cause: unknown) =>
  new ServiceError('AUDIO_OUTPUT_LOST', message, {
    subject: id,
    capability: 'speak',
    context: { device: id, direction: 'output' },
    cause,
  });
