import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import sharp from 'sharp';
import { SAMPLE_PICTURE } from './child/human-library.ts';
import { startCameraPeer } from './testing/camera-peer.ts';
import {
  FULL,
  openService,
  patience,
  type Releases,
  releaseAll,
  type ServiceSettings,
} from './testing/open-service.ts';
import { paintPicture } from './testing/pictures.ts';
import { startRtspPeer } from './testing/rtsp-peer.ts';
import { copyService } from './testing/service-copy.ts';
import { waitUntil } from './testing/wait-until.ts';

const releases: Releases = [];
afterEach(() => releaseAll(releases));
/** Memory can be measured only without what nobody holds any longer. */
setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const open = (settings?: ServiceSettings) => openService(releases, settings);

/** A camera that sends these pictures in turn, ten a second. */
async function show(pictures: readonly Buffer[], status = 200) {
  const peer = await startCameraPeer({ status });
  const scene = { pictures, sent: 0 };
  const sending = setInterval(() => {
    scene.sent += 1;
    const picture = scene.pictures[scene.sent % scene.pictures.length];
    if (picture !== undefined) peer.sendFrame(picture);
  }, 100);
  releases.push(() => {
    clearInterval(sending);
    return peer.close();
  });
  return { scene, place: `{ kind: mjpeg, url: "${peer.url}" }` };
}

test('shows a person and an avatar: that is told in words, and the models prove themselves', async () => {
  const photo = await readFile(join(dirname(SAMPLE_PICTURE), 'screenshot-vrm.jpg'));
  const { place } = await show([photo]);
  const { becomes, observations, probe, metrics, codes } = await open({
    // It is one photo all the time.
    vision: {
      detect: '[people, faces, hands, gestures]',
      detect_max_fps: 5,
      max_age_ms: 120_000,
      frozen_after_ms: 3_600_000,
    },
    source: () => place,
  });
  await becomes(FULL);
  await waitUntil('people were told', () => observations().some(({ kind }) => kind === 'people'));
  const people = observations().find(({ kind }) => kind === 'people');
  assert.deepEqual([people?.summary, people?.value], ['Two people are in view.', 2]);
  assert.equal((await probe('detection'))?.ok, true);
  assert.deepEqual(codes(), []);
  const told = await metrics();
  assert.match(told, /understudy_vision_detections_total\{kind="people",service="cv-service"\} [1-9]/);
  assert.match(told, /understudy_vision_child_memory_bytes\{service="cv-service"\} [1-9]/);
});

test('goes black: degraded, told once, no proof until a picture can be seen', async () => {
  const [black, visible] = [await paintBlack(), [await paintPicture({ grey: 90 }), await paintPicture({ grey: 95 })]];
  const { scene, place } = await show(black);
  const { becomes, codes, probe } = await open({ vision: { black_after_ms: 1000 }, source: () => place });
  await becomes('degraded by black');
  assert.equal((await probe('picture-visible'))?.ok, false);
  await becomes(FULL, async () => {
    scene.pictures = visible;
    assert.equal((await probe('picture-visible'))?.ok, true);
  });
  assert.deepEqual(codes(), ['CV_PICTURE_BLACK']);
});

test('is a folder with one picture: it stands still, which is no loss; told as frozen by frozen_after_ms alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-folder-'));
  await writeFile(join(folder, 'only.jpg'), await paintPicture({ grey: 100 }));
  const { becomes, levels, errors } = await open({
    vision: { frame_timeout_ms: 3000, frozen_after_ms: 4000 },
    source: () => `{ kind: folder, folder: "${folder}" }`,
  });
  await becomes(FULL);
  await becomes('degraded by frozen');
  assert.deepEqual(levels.slice(levels.indexOf(FULL)), [FULL, 'degraded by frozen']);
  assert.deepEqual(
    errors.map(({ code }) => code),
    ['CV_SOURCE_FROZEN'],
  );
  assert.match(errors[0]?.message ?? '', /raise vision\.frozen_after_ms\.$/);
  const next = await paintPicture({ grey: 200 });
  await becomes(FULL, () => writeFile(join(folder, 'next.jpg'), next));
});

test('refuses the password: told as that, not as a loss', async () => {
  const { place } = await show([], 401);
  const { becomes, codes, probe } = await open({ vision: { frame_timeout_ms: 3000 }, source: () => place });
  await becomes('off by source_refused');
  assert.equal((await probe('frames-fresh'))?.ok, false);
  assert.deepEqual(codes(), ['CV_SOURCE_REFUSED']);
});

test('a model whose file is cut short: light and movement are still told, no proof until the file is whole', async () => {
  const copy = await copyService();
  releases.push(async () => copy.remove());
  const file = copy.model('centernet.bin');
  const whole = await readFile(file);
  await truncate(file, whole.length / 2);
  const { place } = await show(await Promise.all([0, 80].map((x) => paintPicture({ grey: 90, x }))));
  const { becomes, codes, errors, observations, frames, probe } = await open({
    compose: copy.compose,
    vision: { detect: '[people]', detect_max_fps: 5, max_age_ms: 120_000 },
    source: () => place,
  });
  await becomes('degraded by detection_failed');
  const looked = await frames('looked');
  await waitUntil('pictures are still looked at', async () => (await frames('looked')) > looked + 3);
  await waitUntil('movement was told', () => observations().some(({ kind }) => kind === 'motion'));
  const broken = await probe('detection');
  assert.deepEqual({ isProved: broken?.ok, codes: codes() }, { isProved: false, codes: ['CV_DETECTION_FAILED'] });
  assert.match(errors[0]?.message ?? '', /^The models that find people and hands do not work: /);
  await becomes(FULL, async () => {
    await writeFile(file, whole);
    assert.deepEqual(await probe('detection'), {
      ok: true,
      detail: 'the models found what is in their sample picture, in time',
    });
  });
  assert.deepEqual(codes(), ['CV_DETECTION_FAILED']);
});

test('a flood of frames is not kept: only the latest waits, the rest is counted', async () => {
  const FRAMES = 2000;
  const peer = await startCameraPeer();
  releases.push(() => peer.close());
  const pictures = await Promise.all([1, 2, 3].map(paintNoise));
  const largest = Math.max(...pictures.map(({ length }) => length));
  const { becomes, parts, frames } = await open({
    vision: { max_fps: 1 },
    source: () => `{ kind: mjpeg, url: "${peer.url}" }`,
  });
  await waitUntil('connected', () => peer.connections() === 1);
  peer.sendFrame(await paintPicture({ grey: 90 }));
  await becomes(FULL);
  const before = bytesHeld();
  // Of 365 MB that come.
  const isBounded = (): boolean => bytesHeld() - before < 50 * largest;
  for (let sent = 1; sent < FRAMES; sent += 1) {
    await peer.flood(pictures[sent % pictures.length] ?? Buffer.alloc(0));
    if (sent % 400 === 0) await waitUntil(`nothing is kept of ${sent} frames`, isBounded, 20_000);
  }
  const dealtWith = async (): Promise<number> => {
    const counts = await Promise.all((['looked', 'bad', 'skipped', 'unseen'] as const).map(frames));
    return counts.reduce((sum, count) => sum + count, 0);
  };
  await waitUntil('all have come; the last may wait still', async () => (await dealtWith()) >= FRAMES - 1);
  assert.ok((await frames('skipped')) > FRAMES * 0.9);
  assert.match(
    (await parts.shed?.('caches')) ?? '',
    new RegExp(`^dropped (0|${pictures.map(({ length }) => length).join('|')}) bytes`),
  );
});

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).error === undefined;

test('an RTSP camera with a password is seen, lost and seen again, and its password is in no message', {
  skip: hasFfmpeg ? false : 'ffmpeg is not installed (apt install ffmpeg)',
}, async () => {
  const account = { user: 'me', password: 'geheim', method: 'Basic' } as const;
  const peer = await startRtspPeer({ account });
  releases.push(() => peer.close());
  const { becomes, codes, errors, parts, probe, levels } = await open({
    vision: { frame_timeout_ms: 5000 },
    source: () => `{ kind: rtsp, url: "rtsp://me:geheim@${peer.place}?key=geheim" }`,
  });
  await becomes(FULL);
  const seen = await probe('frames-fresh');
  await becomes('off by no_frames', () => peer.close());
  const lost = await probe('frames-fresh');
  // On a busy machine ffmpeg may need longer for its start than a frame may be missing.
  assert.deepEqual([seen?.ok, lost?.ok, [...new Set(codes())]], [true, false, ['CV_SOURCE_LOST']]);
  const again = await startRtspPeer({ account, port: peer.port });
  releases.push(() => again.close());
  await waitUntil('it was reconnected', async () => (await parts.commands.reconnect({}, patience())).ok);
  await becomes(FULL);
  assert.doesNotMatch(JSON.stringify([errors, levels, seen, lost]), /geheim/);
});

test('a capture that stands still in H.264 is told as frozen, and seen when it moves again', {
  skip: hasFfmpeg ? false : 'ffmpeg is not installed (apt install ffmpeg)',
}, async () => {
  const peer = await startRtspPeer({ sent: 'still' });
  releases.push(() => peer.close());
  const { becomes, codes } = await open({
    vision: { max_fps: 5, frozen_after_ms: 3000, frame_timeout_ms: 60_000 },
    source: () => `{ kind: rtsp, url: "rtsp://${peer.place}" }`,
  });
  await becomes('degraded by frozen');
  await becomes(FULL, async () => {
    await peer.end();
    await peer.begin('h264');
  });
  assert.deepEqual(codes(), ['CV_SOURCE_FROZEN']);
});

/** Two black pictures whose bytes differ. */
const paintBlack = (): Promise<Buffer[]> => Promise.all([0, 30].map((x) => paintPicture({ grey: 0, x, light: 4 })));

/** A JPEG of some 200 KB. */
function paintNoise(seed: number): Promise<Buffer> {
  const [width, height] = [480, 360];
  const noise = { type: 'gaussian', mean: 60 + 40 * seed, sigma: 40 } as const;
  return sharp({ create: { width, height, channels: 3, background: 'black', noise } })
    .jpeg({ quality: 98 })
    .toBuffer();
}

/** Bytes of buffers that are still needed by somebody. */
function bytesHeld(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}
