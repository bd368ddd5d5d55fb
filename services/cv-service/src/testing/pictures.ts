import sharp from 'sharp';

const WIDTH = 160;
const HEIGHT = 90;

/** A JPEG of one grey (0 to 255) with a square at `x` that is lighter by `light`, so that pictures can differ a little or altogether. */
export function paintPicture({
  grey,
  x = 0,
  light = 80,
}: {
  readonly grey: number;
  readonly x?: number;
  readonly light?: number;
}): Promise<Buffer> {
  const pixels = Buffer.alloc(WIDTH * HEIGHT, grey);
  for (let row = 20; row < 60; row += 1)
    pixels.fill(Math.min(255, grey + light), row * WIDTH + x, row * WIDTH + x + 40);
  return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } })
    .jpeg()
    .toBuffer();
}
