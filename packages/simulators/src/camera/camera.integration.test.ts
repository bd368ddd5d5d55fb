import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import sharp from 'sharp';
import { waitUntil } from '../testing/wait-until.ts';
import { type Camera, startCamera } from './camera.ts';

const closers: (() => Promise<void> | void)[] = [];
const closeAll = async (): Promise<void> => {
  for (const close of closers.splice(0)) await close();
};
beforeEach(closeAll);
after(closeAll);

async function start(): Promise<Camera> {
  const camera = await startCamera({ port: 0, framesPerSecond: 20 });
  closers.push(() => camera.close());
  return camera;
}

/** Reads the parts of an MJPEG stream by their headers, as a browser does. */
async function watch(camera: Camera) {
  const controller = new AbortController();
  closers.unshift(() => controller.abort());
  const response = await fetch(camera.streamUrl, { signal: controller.signal });
  const frames: Buffer[] = [];
  const ended = readParts(response, frames).then(
    () => 'ended',
    () => 'broken',
  );
  return { contentType: response.headers.get('content-type'), frames, ended };
}

async function readParts(response: Response, frames: Buffer[]): Promise<void> {
  assert.ok(response.body);
  let buffered = Buffer.alloc(0);
  for await (const part of response.body) {
    buffered = Buffer.concat([buffered, part]);
    for (let next = takePart(buffered); next; next = takePart(buffered)) {
      frames.push(next.frame);
      buffered = next.rest;
    }
  }
}

function takePart(buffered: Buffer): { frame: Buffer; rest: Buffer<ArrayBuffer> } | undefined {
  const headersEnd = buffered.indexOf('\r\n\r\n');
  if (headersEnd < 0) return undefined;
  const headers = buffered.toString('latin1', 0, headersEnd);
  const [, length] = /^--understudy-frame\r\nContent-Type: image\/jpeg\r\nContent-Length: (\d+)$/.exec(headers) ?? [];
  assert.ok(length, `unexpected part headers: ${headers}`);
  const start = headersEnd + 4;
  const end = start + Number(length);
  if (buffered.length < end + 2) return undefined;
  assert.equal(buffered.toString('latin1', end, end + 2), '\r\n');
  return { frame: buffered.subarray(start, end), rest: Buffer.from(buffered.subarray(end + 2)) };
}

const brightnessOf = async (frame: Buffer): Promise<number> => {
  const { channels } = await sharp(frame).stats();
  return channels.reduce((sum, { mean }) => sum + mean, 0) / channels.length;
};
const latestFrame = async (camera: Camera): Promise<Buffer> =>
  Buffer.from(await (await fetch(camera.frameUrl)).arrayBuffer());

test('the stream is MJPEG whose pictures change; a single frame is a JPEG', async () => {
  const camera = await start();
  const { contentType, frames } = await watch(camera);
  assert.equal(contentType, 'multipart/x-mixed-replace; boundary=understudy-frame');
  await waitUntil('frames came', () => frames.length >= 6);
  for (const frame of frames.slice(0, 6)) assert.equal((await sharp(frame).metadata()).format, 'jpeg');
  assert.ok(new Set(frames.slice(0, 6).map((frame) => frame.toString('base64'))).size >= 3);
  assert.equal(camera.state().viewers, 1);
  assert.equal((await sharp(await latestFrame(camera)).metadata()).format, 'jpeg');
  assert.equal((await fetch(camera.frameUrl.replace('frame.jpg', 'other'))).status, 404);
});

test('camera_frozen sends the same picture again and again, then it moves on', async () => {
  const camera = await start();
  const { frames } = await watch(camera);
  await waitUntil('it runs', () => frames.length >= 2);
  camera.applyFault('camera_frozen');
  const frozen = await latestFrame(camera);
  await waitUntil('it is frozen', () => frames.at(-1)?.equals(frozen) === true);
  const from = frames.length;
  await waitUntil('more frames came', () => frames.length >= from + 5);
  for (const frame of frames.slice(from, from + 5)) assert.equal(frame.equals(frozen), true);
  camera.clearFaults();
  await waitUntil('it moves', () => frames.at(-1)?.equals(frozen) === false);
});

test('camera_black sends black pictures', async () => {
  const camera = await start();
  assert.ok((await brightnessOf(await latestFrame(camera))) > 20);
  camera.applyFault('camera_black');
  assert.ok((await brightnessOf(await latestFrame(camera))) < 2);
});

test('camera_garbage sends what says image/jpeg and is not', async () => {
  const camera = await start();
  camera.applyFault('camera_garbage');
  const response = await fetch(camera.frameUrl);
  assert.equal(response.headers.get('content-type'), 'image/jpeg');
  await assert.rejects(sharp(Buffer.from(await response.arrayBuffer())).stats());
  const { frames } = await watch(camera);
  await waitUntil('parts came', () => frames.length >= 1);
});

test('camera_gone cuts viewers off and refuses new ones; afterwards it is back on the same port', async () => {
  const camera = await start();
  const { frames, ended } = await watch(camera);
  await waitUntil('it runs', () => frames.length >= 1);
  camera.applyFault('camera_gone');
  assert.equal(await ended, 'broken');
  await waitUntil('it is gone', () => !camera.state().listening);
  await assert.rejects(fetch(camera.frameUrl), TypeError);
  camera.clearFaults();
  await waitUntil('it is back', () => camera.state().listening);
  assert.equal((await sharp(await latestFrame(camera)).metadata()).format, 'jpeg');
});

test('a port in use is named with the remedy', async () => {
  const { port } = (await start()).state();
  await assert.rejects(startCamera({ port }), {
    code: 'SIMULATOR_PORT_UNAVAILABLE',
    message: `The camera cannot open 127.0.0.1:${port} (EADDRINUSE): end the program that uses the port, or choose another port.`,
  });
});
