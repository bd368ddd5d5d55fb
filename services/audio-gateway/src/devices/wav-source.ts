import { mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AudioInput } from '@understudy/shared/config';
import type { ServiceContext } from '@understudy/shared/service';
import { HEARING_RATE_HZ } from '../audio/frame-cutter.ts';
import { createResampler } from '../audio/resampler.ts';
import { parseWav, type WavAudio } from '../audio/wav.ts';
import type { AudioSource, SampleListener } from './audio-source.ts';

type WavInput = Extract<AudioInput, { kind: 'wav' }>;
type Surroundings = Pick<ServiceContext, 'clock' | 'logger' | 'metrics' | 'config'>;

/** Well within `audio.frames_timeout_ms`, for a readable folder counts as frames. */
const LOOK_EVERY_MS = 150;
/** A file that somebody still writes is left alone: it must not have changed for so long. */
const SETTLED_MS = 300;
/** Ten minutes of 48 kHz stereo s16. */
const MAX_FILE_BYTES = 128 * 1024 * 1024;
/** Handed on in pieces, so that a long file does not hold the event loop. */
const PIECE_SAMPLES = HEARING_RATE_HZ;

/**
 * A folder whose WAV files are heard, oldest first, each once, and moved to `heard/`; one that cannot be read as WAV goes to
 * `refused/` and is counted. Files are heard only while the folder is the selected input. It lives as long as it can be listed.
 */
export function createWavSource(context: Surroundings, input: WavInput): AudioSource {
  const { clock } = context;
  const closing = new AbortController();
  let lastFrameAt: number | undefined;
  let listener: SampleListener | undefined;

  const watch = async () => {
    await mkdir(input.folder, { recursive: true }).catch(() => {});
    while (!closing.signal.aborted) {
      try {
        const next = await oldestSettled(input.folder, clock.now());
        lastFrameAt = clock.now();
        if (next !== undefined && listener !== undefined) await hear(next);
      } catch {
        // A folder that cannot be listed delivers nothing: the liveness watch says so.
      }
      await clock.sleep(LOOK_EVERY_MS, closing.signal).catch(() => {});
    }
  };

  const hear = async (name: string) => {
    const path = join(input.folder, name);
    const parsed = (await stat(path)).size > MAX_FILE_BYTES ? tooLarge : parseWav(await readFile(path));
    if (!parsed.ok) {
      context.metrics.inc('understudy_bad_input_total', { edge: 'wav', reason: parsed.reason });
      context.logger.warning('A file in the input folder is no WAV that can be heard; it was moved to refused/', {
        context: { device: input.id, file: name, reason: parsed.reason },
      });
      return moveTo(input.folder, 'refused', name);
    }
    await playInto(parsed.audio);
    return moveTo(input.folder, 'heard', name);
  };

  const playInto = async ({ sampleRate, samples }: WavAudio) => {
    const { hangover_ms } = context.config().audio.speech_detection;
    const resampler = createResampler(sampleRate, HEARING_RATE_HZ);
    const silence = new Float32Array((HEARING_RATE_HZ * (hangover_ms + 100)) / 1000);
    for (let start = 0; start < samples.length; start += PIECE_SAMPLES) {
      listener?.(resampler.push(samples.subarray(start, start + PIECE_SAMPLES)));
      lastFrameAt = clock.now();
      await clock.sleep(1);
    }
    listener?.(resampler.flush());
    // The file's end is the end of what was said.
    listener?.(silence);
  };

  void watch();
  return {
    id: input.id,
    start(next) {
      listener = next;
    },
    stop() {
      listener = undefined;
    },
    health: () => ({ lastFrameAt, zeroSince: undefined, lostPackets: 0 }),
    async test() {
      try {
        await readdir(input.folder);
        return { ok: true, detail: `${input.id} can be listed` };
      } catch (error) {
        return { ok: false, detail: `${input.id}: ${input.folder} cannot be listed: ${reasonOf(error)}` };
      }
    },
    close: () => closing.abort(),
  };
}

const tooLarge = { ok: false, reason: 'too_large' } as const;

const reasonOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

async function oldestSettled(folder: string, now: number): Promise<string | undefined> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && /\.wav$/i.test(entry.name)).map(({ name }) => name);
  const files = await Promise.all(
    names.map(async (name) => ({ name, changedAt: (await stat(join(folder, name))).mtimeMs })),
  );
  const settled = files.filter(({ changedAt }) => now - changedAt >= SETTLED_MS);
  return settled.sort((a, b) => a.changedAt - b.changedAt || a.name.localeCompare(b.name))[0]?.name;
}

async function moveTo(folder: string, target: 'heard' | 'refused', name: string): Promise<void> {
  await mkdir(join(folder, target), { recursive: true });
  await rename(join(folder, name), join(folder, target, name));
}
