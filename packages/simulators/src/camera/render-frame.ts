import sharp from 'sharp';
import type { Rgb, Scene } from './scene.ts';

export const FRAME_WIDTH = 320;
export const FRAME_HEIGHT = 180;
const JPEG_QUALITY = 70;

/** A scene as a JPEG of 320 x 180. */
export function renderFrame(scene: Scene): Promise<Buffer> {
  const raw = { width: FRAME_WIDTH, height: FRAME_HEIGHT, channels: 3 } as const;
  return sharp(drawPixels(scene), { raw }).jpeg({ quality: JPEG_QUALITY }).toBuffer();
}

function drawPixels({ background, shape, brightness }: Scene): Buffer {
  const pixels = Buffer.alloc(FRAME_WIDTH * FRAME_HEIGHT * 3);
  const centreX = shape.x * FRAME_WIDTH;
  const centreY = shape.y * FRAME_HEIGHT;
  const radius = shape.radius * FRAME_WIDTH;
  for (let y = 0; y < FRAME_HEIGHT; y += 1) {
    for (let x = 0; x < FRAME_WIDTH; x += 1) {
      const inside = (x - centreX) ** 2 + (y - centreY) ** 2 < radius ** 2;
      paint(pixels, (y * FRAME_WIDTH + x) * 3, inside ? shape.colour : background, brightness);
    }
  }
  return pixels;
}

function paint(pixels: Buffer, offset: number, colour: Rgb, brightness: number): void {
  for (const [channel, value] of colour.entries()) pixels[offset + channel] = Math.round(value * brightness);
}
