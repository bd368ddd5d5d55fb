import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { FRAME_HEIGHT, FRAME_WIDTH, renderFrame } from './render-frame.ts';
import { BLACK_SCENE, sceneAt } from './scene.ts';

test('the scene changes every 20 s, and neighbours look different', () => {
  const scenes = [0, 19_999, 20_000, 40_000, 60_000, 80_000].map(sceneAt);
  assert.deepEqual(
    scenes.map(({ index }) => index),
    [0, 0, 1, 2, 3, 4],
  );
  assert.equal(new Set(scenes.map(({ background }) => background.join())).size, 4);
});

test('the shape moves and stays in the picture, the light comes and goes', () => {
  const instants = Array.from({ length: 200 }, (_, index) => sceneAt(index * 200));
  const spread = (values: number[]): [number, number] => [Math.min(...values), Math.max(...values)];
  const [darkest, brightest] = spread(instants.map(({ brightness }) => brightness));
  assert.ok(darkest < 0.52 && brightest > 0.98 && brightest <= 1);
  for (const { shape } of instants) assert.ok(shape.x > 0.1 && shape.x < 0.9 && shape.y > 0.1 && shape.y < 0.9);
});

test('a frame is a JPEG whose brightness follows the light; black is black', async () => {
  const meanOf = async (frame: Buffer): Promise<number> => {
    const { channels } = await sharp(frame).stats();
    return channels.reduce((sum, { mean }) => sum + mean, 0) / channels.length;
  };
  const bright = await renderFrame({ ...sceneAt(0), brightness: 1 });
  const dim = await renderFrame({ ...sceneAt(0), brightness: 0.5 });
  const { format, width, height } = await sharp(bright).metadata();
  assert.deepEqual({ format, width, height }, { format: 'jpeg', width: FRAME_WIDTH, height: FRAME_HEIGHT });
  const ratio = (await meanOf(dim)) / (await meanOf(bright));
  assert.ok(Math.abs(ratio - 0.5) < 0.02, `ratio ${ratio}`);
  // Quantisation makes it 1 of 255 rather than 0.
  assert.ok((await meanOf(await renderFrame(BLACK_SCENE))) < 2);
});
