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
/** A copy over the network may stall: what is no WAV yet is refused only when it has not changed for so long. */
const FINISHED_MS = 3000;
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
  /** Files that could not be read or moved, as they are now: they must neither be heard again nor stand before the others. */
  const left = new Set<string>();

  const watch = async () => {
    await mkdir(input.folder, { recursive: true }).catch(() => {});
    while (!closing.signal.aborted) {
      try {
        const files = await settledFiles(input.folder, clock.now());
        lastFrameAt = clock.now();
        for (const file of files) {
          if (listener === undefined || (!left.has(keyOf(file)) && (await take(file)))) break;
        }
      } catch {
        // A folder that cannot be listed delivers nothing: the liveness watch says so.
      }
      await clock.sleep(LOOK_EVERY_MS, closing.signal).catch(() => {});
    }
  };

  /** @returns whether it is done with; while it may still be written the next one has its turn */
  const take = async (file: SettledFile): Promise<boolean> => {
    try {
      return await hear(file);
    } catch (error) {
      left.add(keyOf(file));
      context.metrics.inc('understudy_bad_input_total', { edge: 'wav', reason: 'not_moved' });
      context.logger.warning(
        'A file in the input folder cannot be read or moved: let this service read and write there',
        {
          context: { device: input.id, file: file.name, reason: reasonOf(error) },
        },
      );
      return true;
    }
  };

  const hear = async ({ name, changedAt }: SettledFile): Promise<boolean> => {
    const path = join(input.folder, name);
    const parsed = (await stat(path)).size > MAX_FILE_BYTES ? tooLarge : parseWav(await readFile(path));
    if (!parsed.ok && clock.now() - changedAt < FINISHED_MS) return false;
    if (!parsed.ok) {
      context.metrics.inc('understudy_bad_input_total', { edge: 'wav', reason: parsed.reason });
      context.logger.warning('A file in the input folder is no WAV that can be heard; it was moved to refused/', {
        context: { device: input.id, file: name, reason: parsed.reason },
      });
      await moveTo(input.folder, 'refused', name);
      return true;
    }
    await playInto(parsed.audio);
    await moveTo(input.folder, 'heard', name);
    return true;
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

interface SettledFile {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly changedAt: number;
}

const keyOf = ({ name, changedAt }: SettledFile): string => `${changedAt} ${name}`;

/** Oldest first. */
async function settledFiles(folder: string, now: number): Promise<SettledFile[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && /\.wav$/i.test(entry.name)).map(({ name }) => name);
  const files = await Promise.all(
    names.map(async (name) => ({ name, changedAt: (await stat(join(folder, name))).mtimeMs })),
  );
  const settled = files.filter(({ changedAt }) => now - changedAt >= SETTLED_MS);
  return settled.sort((a, b) => a.changedAt - b.changedAt || a.name.localeCompare(b.name));
}

async function moveTo(folder: string, target: 'heard' | 'refused', name: string): Promise<void> {
  await mkdir(join(folder, target), { recursive: true });
  await rename(join(folder, name), join(folder, target, name));
}
