import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@understudy/shared/service';
import { chooseImage, EMPTY_FOLDER, type ImageFile, versionOf } from './choose-images.ts';
import { type BadFrameReason, type FrameSource, type FrameSourceEvents, MAX_FRAME_BYTES } from './frame-source.ts';
import { describeFailure } from './open-http.ts';
import { createPolling, RETRY_MS } from './polling.ts';

const IMAGE = /\.(jpe?g|png|webp)$/i;

async function lookAt(folder: string, name: string): Promise<ImageFile> {
  const { size, mtimeMs } = await stat(join(folder, name));
  return { name, size, changedAt: mtimeMs };
}

async function listImages(folder: string): Promise<ImageFile[]> {
  const names = (await readdir(folder)).filter((name) => IMAGE.test(name));
  const found = await Promise.allSettled(names.map((name) => lookAt(folder, name)));
  // One that vanished between the listing and the look is no longer there.
  return found.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

const refusalOf = ({ size }: ImageFile): BadFrameReason | undefined =>
  size > MAX_FRAME_BYTES ? 'frame_too_large' : size === 0 ? 'empty_frame' : undefined;

/**
 * Images in the order of their last change, one every `intervalMs`; a file that is written anew is a new picture. Then the newest stands:
 * it is handed on again and again, as a camera does whose scene stands still.
 * Watched by polling: file events do not cross from Windows into its containers. Every poll asks for each file's state,
 * so keep some hundred files there, not ten thousand.
 */
export function createFolderSource(folder: string, intervalMs: number, clock: Pick<Clock, 'now'>): FrameSource {
  let memory = EMPTY_FOLDER;
  let lastFrameAt: number | undefined;
  let standing: { readonly version: string; readonly image: Buffer } | undefined;
  let problem: string | undefined;
  let events: FrameSourceEvents = { onFrame: () => {}, onBadInput: () => {} };

  async function handOn(file: ImageFile, signal: AbortSignal): Promise<void> {
    const refusal = refusalOf(file);
    if (refusal !== undefined) return events.onBadInput(refusal);
    const version = versionOf(file);
    if (standing?.version !== version) {
      const image = await readFile(join(folder, file.name));
      // Written anew meanwhile: neither whole nor of this date; the next polls see to it.
      if (versionOf(await lookAt(folder, file.name)) !== version) return;
      standing = { version, image };
    }
    if (signal.aborted) return;
    const { image } = standing;
    problem = undefined;
    lastFrameAt = clock.now();
    events.onFrame({ image, capturedAt: Math.min(Math.round(file.changedAt), lastFrameAt) });
  }

  const polling = createPolling(async (signal) => {
    try {
      const present = await listImages(folder);
      if (signal.aborted) return RETRY_MS;
      const { next, finished, memory: seen } = chooseImage(memory, present);
      memory = seen;
      // One that is refused is told of once; the newest of the others stands.
      const image = next ?? finished.findLast((file) => refusalOf(file) === undefined);
      if (image !== undefined) await handOn(image, signal);
      else problem = present.length === 0 ? `no image in ${folder}` : `no image in ${folder} is whole yet`;
      return intervalMs;
    } catch (error) {
      problem = describeFailure(error);
      return RETRY_MS;
    }
  });

  return {
    start(listeners) {
      events = listeners;
      polling.start();
    },
    stop: polling.stop,
    lastFrameAt: () => lastFrameAt,
    describe: () => `folder ${folder}`.slice(0, 120),
    problem: () => problem,
    // A folder may be made at any time.
    isRefused: () => false,
  };
}
