import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@understudy/shared/service';
import { chooseImage, EMPTY_FOLDER, type ImageFile } from './choose-images.ts';
import { type FrameSource, type FrameSourceEvents, MAX_FRAME_BYTES } from './frame-source.ts';
import { describeFailure } from './open-http.ts';
import { createPolling, RETRY_MS } from './polling.ts';

const IMAGE = /\.(jpe?g|png|webp)$/i;

async function listImages(folder: string): Promise<ImageFile[]> {
  const names = (await readdir(folder)).filter((name) => IMAGE.test(name));
  const found = await Promise.allSettled(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(join(folder, name));
      return { name, size, changedAt: mtimeMs };
    }),
  );
  // One that vanished between the listing and the look is no longer there.
  return found.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/**
 * Images in the order of their last change, one every `intervalMs`; a file that is written anew is a new picture.
 * Watched by polling: file events do not cross from Windows into its containers. Every poll asks for each file's state,
 * so keep some hundred files there, not ten thousand.
 */
export function createFolderSource(folder: string, intervalMs: number, clock: Pick<Clock, 'now'>): FrameSource {
  let memory = EMPTY_FOLDER;
  let lastFrameAt: number | undefined;
  let problem: string | undefined;
  let events: FrameSourceEvents = { onFrame: () => {}, onBadInput: () => {} };

  async function handOn(file: ImageFile, signal: AbortSignal): Promise<void> {
    if (file.size > MAX_FRAME_BYTES) return events.onBadInput('frame_too_large');
    if (file.size === 0) return events.onBadInput('empty_frame');
    const image = await readFile(join(folder, file.name));
    if (signal.aborted) return;
    problem = undefined;
    lastFrameAt = clock.now();
    events.onFrame({ image, capturedAt: Math.min(Math.round(file.changedAt), lastFrameAt) });
  }

  const polling = createPolling(async (signal) => {
    try {
      const choice = chooseImage(memory, await listImages(folder));
      if (signal.aborted) return RETRY_MS;
      memory = choice.memory;
      if (choice.next === undefined) problem = `no new image in ${folder}`;
      else await handOn(choice.next, signal);
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
