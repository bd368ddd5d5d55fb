// Loaded with the first picture that the models shall look at, never before: the library and its models take 300 MB.
import { readFile } from 'node:fs/promises';
import type { VisionKind } from '@understudy/shared/config';
import sharp from 'sharp';
import { createHuman, type Human, SAMPLE_PICTURE } from './human-library.ts';
import type { Detections, DetectionWish } from './look-messages.ts';
import { readDetections } from './read-detections.ts';

/** Pixels; the models look at 256 to 512 of them. */
const WIDTH = 512;
const MAX_PIXELS = 40_000_000;
/** Under what is asked of a real picture: in the sample there are hands of which the model is little sure. */
const SAMPLE_CONFIDENCE = 0.3;

/** The picture is none; the models are not to blame. */
export class BadPictureError extends Error {
  override readonly name = 'BadPictureError';
  readonly code = 'PICTURE_BAD';
}

const OFF = { enabled: false };

/** CenterNet finds every person, drawn ones too; MoveNet, which is faster, would find one. */
function settingsFor({ kinds, minConfidence }: DetectionWish): object {
  const hands = kinds.includes('hands') || kinds.includes('gestures');
  return {
    debug: false,
    async: false,
    // No result may come from the picture before.
    cacheSensitivity: 0,
    filter: OFF,
    segmentation: OFF,
    body: OFF,
    object: { enabled: kinds.includes('people'), minConfidence, maxDetected: 20 },
    face: {
      // Also to tell hands from faces.
      enabled: hands || kinds.includes('faces'),
      detector: { maxDetected: 10, minConfidence, rotation: false },
      mesh: OFF,
      attention: OFF,
      iris: OFF,
      description: OFF,
      emotion: OFF,
      antispoof: OFF,
      liveness: OFF,
    },
    hand: { enabled: hands, maxDetected: 4, minConfidence, landmarks: true },
    gesture: { enabled: kinds.includes('gestures') },
  };
}

async function pixelsOf(image: Uint8Array): Promise<{ data: Buffer; width: number; height: number }> {
  try {
    const { data, info } = await sharp(image, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
      .resize({ width: WIDTH })
      .flatten()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height };
  } catch (error) {
    throw new BadPictureError('the picture cannot be decoded', { cause: error });
  }
}

let loaded: { readonly kinds: string; readonly human: Promise<Human> } | undefined;
let library: Human | undefined;

/** The library logs a model that it cannot load and goes on without it (3.3.6, tfjs/load.ts). */
async function load(wish: DetectionWish): Promise<Human> {
  library ??= createHuman();
  await library.load(settingsFor(wish));
  const missing = library.models.stats().modelStats.filter((model) => !model.loaded);
  if (missing.length > 0) throw new Error(`the model ${missing.map(({ name }) => name).join(', ')} cannot be loaded`);
  return library;
}

/** The library keeps a model that it could not load as if it were one, and at a reset drops the others without giving their memory back (3.3.6). */
function unload(): void {
  loaded = undefined;
  for (const model of Object.values(library?.models.models ?? {})) if (model?.executor !== undefined) model.dispose();
  library?.reset();
  library = undefined;
}

function humanFor(wish: DetectionWish): Promise<Human> {
  const kinds = wish.kinds.join();
  if (loaded?.kinds !== kinds) {
    const human = load(wish);
    loaded = { kinds, human };
    human.catch(unload);
  }
  return loaded.human;
}

/** What a model throws becomes an unhandled rejection of the library's own, and its promise never settles (3.3.6, human.ts). */
async function orUnhandled<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  process.once('unhandledRejection', reject);
  return Promise.race([work, promise]).finally(() => process.removeListener('unhandledRejection', reject));
}

/** One at a time. @throws BadPictureError; anything else is the models' failure */
export async function detect(image: Uint8Array, wish: DetectionWish): Promise<Detections> {
  const { data, width, height } = await pixelsOf(image);
  const human = await humanFor(wish);
  const picture = human.tf.tensor3d(new Uint8Array(data), [height, width, 3], 'int32');
  try {
    const result = await orUnhandled(human.detect(picture, settingsFor(wish)));
    if (result.error) throw new Error(String(result.error));
    return readDetections(result, wish);
  } finally {
    human.tf.dispose(picture);
  }
}

/** @throws when the models do not find in the sample what is in it */
export async function proveModels(kinds: readonly VisionKind[]): Promise<Detections> {
  const detections = await detect(await readFile(SAMPLE_PICTURE), { kinds, minConfidence: SAMPLE_CONFIDENCE });
  const missed = kinds.filter((kind) => {
    const seen = detections[kind];
    return seen === undefined || (Array.isArray(seen) ? seen.length === 0 : seen.count === 0);
  });
  if (missed.length > 0) throw new Error(`the models found no ${missed.join(', no ')} in their own sample picture`);
  return detections;
}
