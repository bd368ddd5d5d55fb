// The child process. Only it decodes pictures: what a picture can break (libvips, memory, time) breaks here.
import { flushCompileCache } from 'node:module';
import { constants, setPriority } from 'node:os';
import sharp from 'sharp';
import type { LookAnswer, LookRequest } from './look-messages.ts';
import { type GreyPicture, LOOK_HEIGHT, LOOK_WIDTH, statisticsOf } from './picture-statistics.ts';

/** An 8K picture has 33 million; a small file that unfolds to more is an attack or an accident. */
const MAX_PIXELS = 40_000_000;
const MAX_REASON = 300;

// The game comes first.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
sharp.cache(false);
sharp.concurrency(1);

let before: GreyPicture | undefined;

const decode = (image: Uint8Array): Promise<GreyPicture> =>
  sharp(image, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
    .resize(LOOK_WIDTH, LOOK_HEIGHT, { fit: 'fill' })
    .flatten()
    .greyscale()
    .raw()
    .toBuffer();

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1).join('').slice(0, MAX_REASON);

async function look(id: number, image: Uint8Array, remember: boolean): Promise<LookAnswer> {
  const rssBytes = process.memoryUsage.rss();
  let picture: GreyPicture;
  try {
    picture = await decode(image);
  } catch (error) {
    return { type: 'bad_frame', id, rssBytes, reason: firstLine(error) };
  }
  const statistics = statisticsOf(picture, before);
  if (remember) before = picture;
  return { type: 'seen', id, rssBytes: process.memoryUsage.rss(), statistics };
}

/** The models are loaded with the first picture that they shall look at. */
async function lookCloser(request: Extract<LookRequest, { type: 'detect' | 'prove' }>): Promise<LookAnswer> {
  const { id } = request;
  const rssBytes = (): number => process.memoryUsage.rss();
  try {
    const { detect, proveModels } = await import('./detector.ts');
    const detections =
      request.type === 'detect' ? await detect(request.image, request) : await proveModels(request.kinds);
    return { type: 'detected', id, rssBytes: rssBytes(), detections };
  } catch (error) {
    const isBadPicture = error instanceof Error && error.name === 'BadPictureError';
    return {
      type: isBadPicture ? 'bad_frame' : 'detection_failed',
      id,
      rssBytes: rssBytes(),
      reason: firstLine(error),
    };
  }
}

const answerTo = (request: Exclude<LookRequest, { type: 'spin' }>): Promise<LookAnswer> =>
  request.type === 'look' ? look(request.id, request.image, request.remember) : lookCloser(request);

function spin(durationMs: number): void {
  const end = performance.now() + durationMs;
  while (performance.now() < end);
}

process.on('message', (request: LookRequest) => {
  if (request.type === 'spin') return spin(request.durationMs);
  void answerTo(request).then((answer) => process.send?.(answer));
});
// The parent ends it; a Ctrl-C for the whole terminal must not look like a crash.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit(0));
// Its end is a SIGKILL, before which nothing is written.
flushCompileCache();
