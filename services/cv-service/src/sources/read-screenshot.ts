import { MAX_FRAME_BYTES } from './frame-source.ts';

const PREFIX = /^data:image\/(?:jpe?g|png);base64,/;

/** @param imageData as `GetSourceScreenshot` answers it @returns `undefined` for what is no picture, or one of more than 8 MB */
export function readScreenshot(imageData: unknown): Buffer | undefined {
  if (typeof imageData !== 'string' || imageData.length > MAX_FRAME_BYTES * 1.4) return undefined;
  const prefix = PREFIX.exec(imageData)?.[0];
  if (prefix === undefined) return undefined;
  const image = Buffer.from(imageData.slice(prefix.length), 'base64');
  return image.length === 0 || image.length > MAX_FRAME_BYTES ? undefined : image;
}
