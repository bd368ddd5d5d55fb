import sharp from 'sharp';
import type { Rgb, Scene } from './scene.ts';

export const FRAME_WIDTH = 320;
export const FRAME_HEIGHT = 180;
const JPEG_QUALITY = 70;

// Small pictures, none twice: threads and a cache of operations would only take memory.
sharp.cache(false);
sharp.concurrency(1);

/** A scene as a JPEG of 320 x 180. */
export function renderFrame(scene: Scene): Promise<Buffer> {
  const raw = { width: FRAME_WIDTH, height: FRAME_HEIGHT, channels: 3 } as const;
  return sharp(drawPixels(scene), { raw }).jpeg({ quality: JPEG_QUALITY }).toBuffer();
}

/** The background is filled at once; only the square around the shape is painted pixel by pixel. */
function drawPixels({ background, shape, brightness }: Scene): Buffer {
  const pixels = Buffer.alloc(FRAME_WIDTH * FRAME_HEIGHT * 3, shade(background, brightness));
  const paint = shade(shape.colour, brightness);
  const centreX = shape.x * FRAME_WIDTH;
  const centreY = shape.y * FRAME_HEIGHT;
  const radius = shape.radius * FRAME_WIDTH;
  const from = (centre: number): number => Math.max(0, Math.floor(centre - radius));
  const to = (centre: number, limit: number): number => Math.min(limit, Math.ceil(centre + radius));
  for (let y = from(centreY); y < to(centreY, FRAME_HEIGHT); y += 1) {
    for (let x = from(centreX); x < to(centreX, FRAME_WIDTH); x += 1) {
      if ((x - centreX) ** 2 + (y - centreY) ** 2 < radius ** 2) pixels.set(paint, (y * FRAME_WIDTH + x) * 3);
    }
  }
  return pixels;
}

const shade = (colour: Rgb, brightness: number): Buffer =>
  Buffer.from(colour.map((value) => Math.round(value * brightness)));
