import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, test } from 'node:test';
import { systemClock } from '@understudy/shared/service';
import { freePort } from '@understudy/shared/testing';
import sharp from 'sharp';
import { startCameraPeer } from '../testing/camera-peer.ts';
import { paintPicture } from '../testing/pictures.ts';
import { startRtspPeer } from '../testing/rtsp-peer.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { createFolderSource } from './folder-source.ts';
import type { BadFrameReason, Frame, FrameSource } from './frame-source.ts';
import { createHttpSource } from './http-source.ts';
import { createMjpegSource } from './mjpeg-source.ts';

const releases: (() => unknown)[] = [];
afterEach(() => Promise.all(releases.splice(0).map((release) => release())));

function listen(source: FrameSource) {
  const frames: Frame[] = [];
  const bad: BadFrameReason[] = [];
  const start = (): void =>
    source.start({ onFrame: (frame) => frames.push(frame), onBadInput: (reason) => bad.push(reason) });
  start();
  releases.push(() => source.stop());
  return { source, frames, bad, start, images: () => frames.map(({ image }) => image) };
}

async function camera(options?: Parameters<typeof startCameraPeer>[0]) {
  const peer = await startCameraPeer(options);
  releases.push(() => peer.close());
  return peer;
}

/** @returns host and port */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  releases.push(() => server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const pictures = await Promise.all([10, 100, 200].map((grey) => paintPicture({ grey })));
const [dark, middle, bright] = pictures as [Buffer, Buffer, Buffer];

describe('MJPEG', () => {
  test('multipart frames arrive byte for byte', async () => {
    const peer = await camera();
    const { source, frames, images } = listen(createMjpegSource(peer.url, systemClock));
    await waitUntil('connected', () => peer.connections() === 1);
    for (const picture of pictures) peer.sendFrame(picture);
    await waitUntil('all came', () => frames.length === 3);
    assert.deepEqual(images(), pictures);
    assert.equal(source.lastFrameAt(), frames.at(-1)?.capturedAt);
    assert.equal(source.problem(), undefined);
  });

  test('bare JPEGs after one another are a stream too', async () => {
    const peer = await camera({ contentType: 'video/x-motion-jpeg' });
    const { frames, images } = listen(createMjpegSource(peer.url, systemClock));
    await waitUntil('connected', () => peer.connections() === 1);
    const all = Buffer.concat([dark, Buffer.from('\r\n'), middle, bright]);
    for (let at = 0; at < all.length; at += 700) peer.send(all.subarray(at, at + 700));
    await waitUntil('all came', () => frames.length === 3);
    assert.deepEqual(images(), pictures);
  });

  test('a stream that was cut says so; started again it comes at once', async () => {
    const peer = await camera();
    const { source, frames, start } = listen(createMjpegSource(peer.url, systemClock));
    await waitUntil('connected', () => peer.connections() === 1);
    peer.sendFrame(dark);
    await waitUntil('a frame came', () => frames.length === 1);
    peer.hangUp();
    await waitUntil('the end was noticed', () => source.problem() === 'the camera cut the connection');
    assert.equal(peer.connections(), 0);
    start();
    await waitUntil('connected again', () => peer.connections() === 1);
    peer.sendFrame(middle);
    await waitUntil('a frame came again', () => frames.length === 2);
    assert.equal(source.problem(), undefined);
  });

  test('a camera that comes much later is found by itself', async () => {
    const peer = await startCameraPeer();
    await peer.close();
    const { source, frames } = listen(createMjpegSource(peer.url, systemClock, { redialMs: 20, idleMs: 60_000 }));
    await waitUntil('its absence was noticed', () => source.problem() !== undefined);
    const later = await camera({ port: Number(new URL(peer.url).port) });
    await waitUntil('connected', () => later.connections() === 1);
    later.sendFrame(dark);
    await waitUntil('a frame came', () => frames.length === 1);
  });

  test('a connection on which nothing comes is given up', async () => {
    const peer = await camera();
    const { source } = listen(createMjpegSource(peer.url, systemClock, { redialMs: 60_000, idleMs: 50 }));
    await waitUntil('it was given up', () => source.problem() !== undefined);
    assert.equal(source.problem(), 'nothing came for 0.05 s');
    await waitUntil('the connection is gone', () => peer.connections() === 0);
  });

  test('started again it drops the connection it had: frames do not come twice', async () => {
    const peer = await camera();
    const { frames, start } = listen(createMjpegSource(peer.url, systemClock));
    await waitUntil('connected', () => peer.connections() === 1);
    start();
    await waitUntil('only the new connection is left', async () => {
      peer.sendFrame(dark);
      await new Promise((resolve) => setTimeout(resolve, 20));
      return peer.connections() === 1 && frames.length > 0;
    });
    const before = frames.length;
    peer.sendFrame(bright);
    await waitUntil('the frame came', () => frames.some(({ image }) => image.equals(bright)));
    assert.deepEqual(frames.slice(before).filter(({ image }) => image.equals(bright)).length, 1);
  });

  for (const [name, status, problem] of [
    ['a camera that is not ready', 503, 'the camera answers HTTP 503'],
    ['a camera that asks for a password', 401, 'the camera answers HTTP 401'],
  ] as const) {
    test(`${name} is a problem in words`, async () => {
      const peer = await camera({ status });
      const { source, bad } = listen(createMjpegSource(peer.url, systemClock));
      await waitUntil('it was noticed', () => source.problem() !== undefined);
      assert.deepEqual([source.problem(), bad], [problem, ['http_status']]);
    });
  }

  for (const [spoken, named, remedy] of [
    ['RTSP', 'HTTP', 'take kind rtsp with an address that begins with rtsp://, or correct the port'],
    ['HTTP', 'HTTPS', 'take kind mjpeg or http with an address that begins with http://, or correct the port'],
  ] as const)
    test(`a port that speaks ${spoken} is no ${named}: that is said, and refused`, async () => {
      const peer = spoken === 'RTSP' ? await startRtspPeer({ sent: undefined }) : await startCameraPeer();
      releases.push(() => peer.close());
      const place = 'place' in peer ? peer.place : peer.url.replace('http://', '');
      const { source } = listen(createMjpegSource(`${named.toLowerCase()}://${place}`, systemClock));
      await waitUntil('it was noticed', () => source.problem() !== undefined);
      assert.deepEqual(
        [source.problem(), source.isRefused()],
        [`this port speaks ${spoken}, not ${named}; ${remedy}`, true],
      );
    });

  test('a camera that takes the connection and never answers is given up', async () => {
    const silent = createSocketServer((socket) => socket.on('error', () => {}));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    releases.push(() => silent.close());
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
    const { source } = listen(createMjpegSource(url, systemClock, { redialMs: 60_000, idleMs: 50 }));
    await waitUntil('it was given up', () => source.problem() !== undefined, 5000);
    assert.equal(source.problem(), 'nothing came for 0.05 s');
  });

  test('a page that a web server does not have is refused as that', async () => {
    const { source } = listen(createMjpegSource((await camera({ status: 404 })).url, systemClock));
    await waitUntil('it was noticed', () => source.problem() !== undefined);
    assert.deepEqual([source.problem(), source.isRefused()], ['the camera answers HTTP 404', true]);
  });

  test('nobody there is a problem in words', async () => {
    const peer = await startCameraPeer();
    await peer.close();
    const { source, frames } = listen(createMjpegSource(peer.url, systemClock));
    await waitUntil('it was noticed', () => source.problem() !== undefined);
    assert.match(source.problem() ?? '', /^connect ECONNREFUSED 127\.0\.0\.1:\d+$/);
    assert.deepEqual(frames, []);
  });
});

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).error === undefined;

describe('MJPEG of a real ffmpeg', { skip: hasFfmpeg ? false : 'ffmpeg is not installed (apt install ffmpeg)' }, () => {
  /** It serves one viewer, and ends with it. */
  function serve(port: number, output: readonly string[]): ChildProcess {
    const input = ['-loglevel', 'error', '-nostdin', '-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=10'];
    const place = `http://127.0.0.1:${port}/stage`;
    const camera = spawn('ffmpeg', [...input, '-threads', '1', ...output, '-listen', '1', place], { stdio: 'ignore' });
    releases.push(() => camera.kill('SIGKILL'));
    return camera;
  }

  for (const [name, output] of [
    ['multipart', ['-f', 'mpjpeg', '-content_type', 'multipart/x-mixed-replace;boundary=ffmpeg']],
    ['multipart that says it is something else', ['-f', 'mpjpeg']],
    ['bare JPEGs', ['-c:v', 'mjpeg', '-f', 'image2pipe']],
  ] as const) {
    test(`${name}: seen, killed, and seen again`, async () => {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}/stage`;
      const camera = serve(port, output);
      const { source, frames, bad } = listen(createMjpegSource(url, systemClock, { redialMs: 50, idleMs: 60_000 }));
      await waitUntil(
        () => `pictures came: ${source.problem()}`,
        () => frames.length >= 3,
      );
      const { format, width, height } = await sharp(frames[2]?.image ?? Buffer.alloc(0)).metadata();
      assert.deepEqual({ format, width, height, bad }, { format: 'jpeg', width: 320, height: 180, bad: [] });
      camera.kill('SIGKILL');
      await waitUntil('its end was noticed', () => source.problem() !== undefined);
      const before = frames.length;
      serve(port, output);
      await waitUntil(
        () => `pictures came again: ${source.problem()}`,
        () => frames.length >= before + 3,
      );
      source.stop();
    });
  }
});

describe('HTTP', () => {
  test('picture after picture is asked for, with the credentials of the address', async () => {
    let asked = 0;
    const place = await serve((request, response) => {
      const isKnown = request.headers.authorization === `Basic ${Buffer.from('me:secret').toString('base64')}`;
      if (!isKnown) return response.writeHead(401).end();
      return response.end(pictures[asked++ % 3]);
    });
    const { source, frames, images } = listen(createHttpSource(`http://me:secret@${place}`, 5, systemClock));
    await waitUntil('three came', () => frames.length >= 3);
    source.stop();
    assert.deepEqual(images().slice(0, 3), pictures);
    assert.equal(source.describe(), `http ${place}/`);
  });

  test('it goes on after failures by itself: each picture is a request of its own', async () => {
    let asked = 0;
    const place = await serve((request, response) => {
      asked += 1;
      if (asked === 1) return response.writeHead(500).end();
      if (asked === 2) return response.end();
      if (asked === 3) return request.socket.destroy();
      return response.end(middle);
    });
    const { source, frames, bad } = listen(createHttpSource(`http://${place}`, 5, systemClock, 10));
    await waitUntil('a picture came', () => frames.length > 0);
    assert.deepEqual(bad, ['http_status', 'empty_frame']);
    assert.equal(source.problem(), undefined);
  });

  test('a body without end is given up at the limit', async () => {
    const place = await serve((_request, response) => {
      const more = (): void => {
        while (response.write(Buffer.alloc(1_000_000)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    const { source, bad } = listen(createHttpSource(`http://${place}`, 5, systemClock));
    await waitUntil('it was refused', () => bad.length > 0);
    source.stop();
    assert.equal(bad[0], 'frame_too_large');
    assert.equal(source.problem(), "the picture has more than 8388608 bytes; lower the camera's resolution");
  });
});

test('who refuses is asked again much later than who fails: too many wrong passwords lock an account', async () => {
  const asked: Record<string, number> = {};
  const place = await serve((request, response) => {
    const path = request.url ?? '';
    asked[path] = (asked[path] ?? 0) + 1;
    response.writeHead(path.endsWith('refusing') ? 401 : 503).end();
  });
  for (const what of ['refusing', 'failing']) {
    listen(createMjpegSource(`http://${place}/mjpeg/${what}`, systemClock, { redialMs: 10, idleMs: 60_000 }));
    listen(createHttpSource(`http://${place}/http/${what}`, 5, systemClock, 10));
  }
  for (const kind of ['mjpeg', 'http']) {
    await waitUntil('it was refused', () => asked[`/${kind}/refusing`] !== undefined);
    const before = asked[`/${kind}/failing`] ?? 0;
    await waitUntil('who fails was asked again and again', () => (asked[`/${kind}/failing`] ?? 0) > before + 5);
    assert.equal(asked[`/${kind}/refusing`], 1);
  }
});

describe('a folder', () => {
  const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'understudy-frames-'));
  async function put(path: string, image: Buffer, changedAt: number): Promise<void> {
    await writeFile(`${path}.part`, image);
    await utimes(`${path}.part`, changedAt, changedAt);
    await rename(`${path}.part`, path);
  }

  /** Each picture once, in the order in which they came first. */
  const distinct = (frames: readonly Frame[]): Frame[] => [
    ...new Map(frames.map((one) => [one.capturedAt, one])).values(),
  ];

  test('its images come in order, dated by the file; new ones as they are written', async () => {
    const path = await folder();
    await put(join(path, 'b.jpg'), dark, 1000);
    await put(join(path, 'a.JPEG'), middle, 2000);
    await writeFile(join(path, 'notes.txt'), 'no image');
    const { frames } = listen(createFolderSource(path, 5, systemClock));
    await waitUntil('both came', () => distinct(frames).length === 2);
    await put(join(path, 'a.JPEG'), bright, 3000);
    await waitUntil('the new one came', () => distinct(frames).length === 3);
    assert.deepEqual(distinct(frames), [
      { image: dark, capturedAt: 1_000_000 },
      { image: middle, capturedAt: 2_000_000 },
      { image: bright, capturedAt: 3_000_000 },
    ]);
  });

  test('ROOT CAUSE: a file that is written anew while it stands is never handed on under its old date', async () => {
    const path = await folder();
    const pictures = [dark, middle, bright];
    const { frames } = listen(createFolderSource(path, 1, systemClock));
    for (let round = 0; round < 40; round += 1) {
      const seen = frames.length;
      await put(join(path, 'only.jpg'), pictures[round % 3] ?? dark, 1000 * (round + 1));
      await waitUntil('it stands', () => frames.slice(seen).some(({ capturedAt }) => capturedAt === 1e6 * (round + 1)));
    }
    const wrong = frames.filter(({ image, capturedAt }) => !image.equals(pictures[(capturedAt / 1e6 - 1) % 3] ?? dark));
    // What lies there between the writing and the dating of a file carries the date of now.
    assert.deepEqual(
      wrong.filter(({ capturedAt }) => capturedAt <= 40e6).map(({ capturedAt }) => capturedAt),
      [],
    );
  });

  test('the newest stands: it comes again and again, then the newest that is left', async () => {
    const path = await folder();
    await put(join(path, 'old.jpg'), dark, 1000);
    await put(join(path, 'new.jpg'), middle, 2000);
    const { source, frames, images, bad } = listen(createFolderSource(path, 5, systemClock));
    await waitUntil('it stands', () => frames.length >= 5);
    assert.deepEqual(images().slice(0, 5), [dark, middle, middle, middle, middle]);
    await put(join(path, 'broken.jpg'), Buffer.alloc(0), 3000);
    await waitUntil('the empty one was refused', () => bad.length === 1);
    const refusedAt = frames.length;
    await waitUntil('the newest that is one stands', () => frames.length > refusedAt + 1);
    assert.deepEqual([frames.at(-1)?.image, bad], [middle, ['empty_frame']]);
    await rm(join(path, 'new.jpg'));
    await waitUntil('the one that is left stands', () => frames.at(-1)?.image.equals(dark) === true);
    assert.equal(source.problem(), undefined);
    await rm(join(path, 'broken.jpg'));
    await rm(join(path, 'old.jpg'));
    await waitUntil('nothing is left', () => source.problem() === `no image in ${path}`);
  });

  test('one that is not there is a problem in words, and found when it is made', async () => {
    const path = join(await folder(), 'later');
    const { source, frames } = listen(createFolderSource(path, 5, systemClock));
    await waitUntil('it was noticed', () => source.problem() !== undefined);
    assert.equal(source.problem(), `ENOENT: no such file or directory, scandir '${path}'`);
    const { mkdir } = await import('node:fs/promises');
    await mkdir(path);
    await put(join(path, 'one.png'), dark, 1000);
    await waitUntil('the image came', () => frames.length > 0);
  });

  test('empty files and huge ones are refused', async () => {
    const path = await folder();
    await put(join(path, 'empty.jpg'), Buffer.alloc(0), 1000);
    await put(join(path, 'huge.jpg'), Buffer.alloc(9 * 1024 * 1024), 2000);
    await put(join(path, 'good.jpg'), dark, 3000);
    const { frames, bad } = listen(createFolderSource(path, 5, systemClock));
    await waitUntil('the good one came', () => frames.length > 0);
    assert.deepEqual(bad, ['empty_frame', 'frame_too_large']);
  });
});
