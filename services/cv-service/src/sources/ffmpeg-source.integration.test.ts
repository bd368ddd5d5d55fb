import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { systemClock } from '@understudy/shared/service';
import sharp from 'sharp';
import { type RtspSettings, startRtspPeer } from '../testing/rtsp-peer.ts';
import { waitUntil } from '../testing/wait-until.ts';
import type { FfmpegInput } from './ffmpeg-arguments.ts';
import { createFfmpegSource, type FfmpegOptions, NO_PICTURE_YET } from './ffmpeg-source.ts';
import type { Frame } from './frame-source.ts';

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).error === undefined;
const skip = hasFfmpeg ? false : 'ffmpeg is not installed (apt install ffmpeg)';

const releases: (() => unknown)[] = [];
after(() => Promise.all(releases.map((release) => release())));

function open(input: FfmpegInput, options: Partial<FfmpegOptions> = {}) {
  const frames: Frame[] = [];
  const times = { firstMs: 50, longestMs: 100, refusedMs: 60_000 };
  const source = createFfmpegSource(input, 5, systemClock, { times, ...options });
  const start = (): void => source.start({ onFrame: (frame) => frames.push(frame), onBadInput: () => {} });
  start();
  releases.push(() => source.stop());
  return { source, frames, start };
}

/** The command lines of all that run and name this. */
const running = (name: string): string[] =>
  execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(name));

/** What answers nothing at all, and how often it was asked. */
async function startSilence(): Promise<{ readonly url: string; connections(): number }> {
  let connections = 0;
  const silent = createServer((socket) => {
    connections += 1;
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => {
    silent.listen(0, '127.0.0.1', resolve);
  });
  releases.push(() => silent.close());
  return { url: `rtsp://127.0.0.1:${(silent.address() as AddressInfo).port}/stage`, connections: () => connections };
}

describe('video through a real ffmpeg', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-video-'));
  const file = join(folder, '-a b.mp4');
  const makeFile = (): void => {
    const make = ['-f', 'lavfi', '-i', 'testsrc2=size=1280x720:rate=10:duration=1', '-y', `file:${file}`];
    execFileSync('ffmpeg', ['-loglevel', 'error', ...make]);
  };

  test('a file comes again and again, scaled, and its ffmpeg is gone after the stop', async () => {
    makeFile();
    const { source, frames } = open({ kind: 'video', file });
    await waitUntil(
      () => `frames of a second loop came: ${source.problem()}`,
      () => frames.length >= 8,
    );
    const { format, width, height } = await sharp(frames[0]?.image ?? Buffer.alloc(0)).metadata();
    assert.deepEqual({ format, width, height }, { format: 'jpeg', width: 640, height: 360 });
    await source.stop();
    assert.deepEqual(running(folder), []);
    assert.equal(source.describe(), `video ${file}`);
  });

  test('an ffmpeg that is killed is followed by another', async () => {
    makeFile();
    const { source, frames } = open({ kind: 'video', file });
    await waitUntil('a frame came', () => frames.length > 0);
    const line = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
      .split('\n')
      .find((text) => text.includes(folder));
    process.kill(Number(line?.trim().split(' ')[0]), 'SIGKILL');
    const before = frames.length;
    await waitUntil(
      () => `frames came again: ${source.problem()}`,
      () => frames.length > before + 6,
    );
    await source.stop();
  });

  test('a file that is not there is refused in words', async () => {
    const { source } = open({ kind: 'video', file: join(folder, 'none.mp4') });
    await waitUntil('it was noticed', () => source.problem() !== undefined);
    assert.deepEqual([source.problem(), source.isRefused()], ['No such file or directory', true]);
  });
});

describe('RTSP through a real ffmpeg', { skip }, () => {
  /** Every character that could end a word, a quote or an address. */
  const account = { user: 'me', password: `ge'heim @/"\\` };
  const credentials = `me:${encodeURIComponent(account.password)}`;

  async function startPeer(settings: RtspSettings = {}) {
    const peer = await startRtspPeer(settings);
    releases.push(() => peer.close());
    return peer;
  }
  async function comes({ source, frames }: ReturnType<typeof open>, count: number): Promise<void> {
    const before = frames.length;
    await waitUntil(
      () => `pictures came: ${source.problem()}`,
      () => frames.length >= before + count,
    );
    assert.equal(source.problem(), undefined);
  }
  const fails = ({ source }: ReturnType<typeof open>): Promise<void> =>
    waitUntil('it was noticed', () => ![undefined, NO_PICTURE_YET].includes(source.problem()));

  test('H.264 with Digest is seen; it loses its power and is seen again; the password is in no list of processes; the stop ends the session', async () => {
    const peer = await startPeer({ account: { ...account, method: 'Digest' } });
    const opened = open({ kind: 'rtsp', url: `rtsp://${credentials}@${peer.place}` });
    const { source, frames } = opened;
    await comes(opened, 3);
    const { format, width, height } = await sharp(frames[0]?.image ?? Buffer.alloc(0)).metadata();
    assert.deepEqual({ format, width, height }, { format: 'jpeg', width: 320, height: 180 });
    const viewers = running('image2pipe');
    assert.notEqual(viewers.length, 0);
    assert.doesNotMatch(viewers.join('\n'), /heim/);
    await peer.close();
    await fails(opened);
    assert.equal(source.isRefused(), false);
    const again = await startPeer({ account: { ...account, method: 'Digest' }, port: peer.port });
    await comes(opened, 3);
    await source.stop();
    await waitUntil('the session is ended', () => again.viewers() === 0);
  });

  test('a stream that begins later is seen, ends, and is seen again, now in H.265: nobody who sends is no refusal', async () => {
    const peer = await startPeer({ sent: undefined });
    const opened = open({ kind: 'rtsp', url: `rtsp://${peer.place}` });
    const { source } = opened;
    const nothing = ['nothing is sent at this path; start the stream, or correct the path', false];
    await fails(opened);
    assert.deepEqual([source.problem(), source.isRefused()], nothing);
    await peer.begin('h264');
    await comes(opened, 3);
    await peer.end();
    await waitUntil('its end was noticed', () => source.problem() === nothing[0]);
    await peer.begin('hevc');
    await comes(opened, 3);
    await source.stop();
  });

  test('of a sender that is silent nothing old is shown as new; it is seen again', async () => {
    const silentMs = 2500;
    const peer = await startPeer();
    const opened = open({ kind: 'rtsp', url: `rtsp://${peer.place}` }, { patience: { firstMs: 20_000, silentMs } });
    const { source, frames } = opened;
    await comes(opened, 3);
    peer.sender().freeze();
    await fails(opened);
    const silence = Date.now() - (frames.at(-1)?.capturedAt ?? 0);
    assert.equal(source.problem(), 'nothing came for 2.5 s');
    assert.ok(silence >= silentMs, `the last picture came ${silence} ms before`);
    peer.sender().resume();
    await comes(opened, 3);
    await source.stop();
  });

  test('a camera that speaks only UDP is seen', async () => {
    const peer = await startPeer({ transport: 'udp' });
    const opened = open({ kind: 'rtsp', url: `rtsp://${peer.place}` });
    await comes(opened, 3);
    await opened.source.stop();
  });

  test('sound without a picture is told in words', async () => {
    const peer = await startPeer({ sent: 'sound' });
    const opened = open({ kind: 'rtsp', url: `rtsp://${peer.place}` });
    await fails(opened);
    assert.equal(opened.source.problem(), 'the stream has no picture; let its sender send video');
  });

  for (const method of ['Basic', 'Digest'] as const) {
    test(`a wrong password (${method}) is refused, and told without either`, async () => {
      const peer = await startPeer({ account: { user: 'me', password: 'geheim', method }, sent: undefined });
      const opened = open({ kind: 'rtsp', url: `rtsp://me:falsch@${peer.place}` });
      await fails(opened);
      const { source } = opened;
      assert.deepEqual(
        [source.problem(), source.isRefused(), source.describe()],
        ['wrong user or password (401 Unauthorized)', true, `rtsp ${peer.place}`],
      );
    });
  }

  test('nobody there is no refusal', async () => {
    const opened = open({ kind: 'rtsp', url: 'rtsp://me:geheim@127.0.0.1:1/stage' });
    await fails(opened);
    assert.deepEqual([opened.source.problem(), opened.source.isRefused()], ['Connection refused', false]);
  });

  test('a camera that says nothing is given up, and not asked twice at once', async () => {
    const silence = await startSilence();
    const opened = open({ kind: 'rtsp', url: silence.url }, { patience: { firstMs: 3000, silentMs: 3000 } });
    await waitUntil('it is asked', () => silence.connections() === 1);
    opened.start();
    await fails(opened);
    assert.deepEqual([opened.source.problem(), silence.connections()], ['nothing came for 3 s', 1]);
    await opened.source.stop();
  });
});

test('without ffmpeg the problem names the command that installs it', async () => {
  const { source } = open({ kind: 'video', file: 'any.mp4' }, { program: 'no-such-ffmpeg' });
  await waitUntil('it was noticed', () => source.problem() !== undefined);
  assert.deepEqual(
    [source.problem(), source.isRefused()],
    ['ffmpeg is not installed; install it (Debian: apt install ffmpeg)', true],
  );
});
