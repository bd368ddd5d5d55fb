import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createWeb } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, test } from 'node:test';
import { systemClock } from '@understudy/shared/service';
import sharp from 'sharp';
import { paintPicture } from '../testing/pictures.ts';
import { type RtspSettings, startRtspPeer } from '../testing/rtsp-peer.ts';
import { waitUntil } from '../testing/wait-until.ts';
import type { FfmpegInput } from './ffmpeg-arguments.ts';
import { createFfmpegSource, type FfmpegOptions, NO_PICTURE_YET } from './ffmpeg-source.ts';
import type { Frame } from './frame-source.ts';

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).error === undefined;
const skip = hasFfmpeg ? false : 'ffmpeg is not installed (apt install ffmpeg)';

const releases: (() => unknown)[] = [];
afterEach(() => Promise.all(releases.splice(0).map((release) => release())));

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

const noDevices = process.platform === 'linux' ? skip : 'V4L2 is of Linux';

describe('a camera of this machine through a real ffmpeg', { skip: noDevices }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-device-'));
  /** Root may open everything: here somebody asks who may not. */
  function asNobody(): string {
    if (process.getuid?.() !== 0) return 'ffmpeg';
    const program = join(folder, 'ffmpeg-as-nobody');
    const nobody = 'setpriv --reuid=65534 --regid=65534 --clear-groups';
    writeFileSync(program, `#!/bin/sh\nexec ${nobody} ffmpeg "$@"\n`, { mode: 0o755 });
    return program;
  }
  async function says(device: string, program = 'ffmpeg') {
    const { source } = open({ kind: 'device', device }, { program });
    await waitUntil('it was noticed', () => source.problem() !== undefined);
    return { problem: source.problem() ?? '', isRefused: source.isRefused() };
  }

  test('one that is not there is missing, which is no refusal', async () => {
    assert.deepEqual(await says(join(folder, 'video0')), {
      problem: 'there is no such camera now; plug it in, or correct vision.source.device',
      isRefused: false,
    });
  });

  test('what is no camera, and what this user may not open, is refused in words', async () => {
    const device = join(folder, 'file');
    writeFileSync(device, 'no camera', { mode: 0o000 });
    const [noCamera, forbidden] = [await says('/dev/null'), await says(device, asNobody())];
    assert.match(noCamera.problem, /^it is no camera;/);
    assert.match(forbidden.problem, /^this user may not open it;/);
    assert.deepEqual([noCamera.isRefused, forbidden.isRefused], [true, true]);
  });

  const hasPython = spawnSync('python3', ['--version']).error === undefined;

  test('one that another program has for itself is held, and that program is named', {
    skip: hasPython ? false : 'python3 is not installed; it opens a terminal for itself alone',
  }, async () => {
    // A terminal is no camera, but says EBUSY to everybody else as one does.
    const lines = ['import fcntl, os, pty, sys, termios', '_, end = pty.openpty()', 'os.chmod(os.ttyname(end), 0o666)'];
    const more = ['fcntl.ioctl(end, termios.TIOCEXCL)', 'print(os.ttyname(end), flush=True)', 'sys.stdin.read()'];
    const holder = spawn('python3', ['-c', [...lines, ...more].join('\n')], { stdio: ['pipe', 'pipe', 'inherit'] });
    releases.push(() => holder.stdin.end());
    const [name] = await once(holder.stdout, 'data');
    const { problem, isRefused } = await says(String(name).trim(), asNobody());
    assert.match(problem, new RegExp(`^python3\\S* \\(process ${holder.pid}\\) holds it; close that, .* kind obs`));
    assert.equal(isRefused, false);
  });
});

test('what ffmpeg complained of before a picture came is not the reason for its end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-complaint-'));
  const [picture, next, program] = ['picture.jpg', 'next', 'ffmpeg'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(picture, await paintPicture({ grey: 90 }));
  const lines = ['#!/bin/sh', 'echo "Invalid data found when processing input" >&2', `cat ${picture}`];
  const more = [`until [ -e ${next} ]; do sleep 0.05; done`, `cat ${picture}`];
  writeFileSync(program, [...lines, ...more, ''].join('\n'), { mode: 0o755 });
  const { source, frames } = open({ kind: 'rtsp', url: 'rtsp://127.0.0.1:1/stage' }, { program });
  await waitUntil('a picture came', () => frames.length === 1);
  writeFileSync(next, '');
  await waitUntil('its end was noticed', () => source.problem() !== undefined);
  assert.equal(source.problem(), 'the stream ended');
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

  for (const scheme of ['rtsp', 'rtsps'])
    test(`a port that speaks HTTP is no ${scheme}: that is said, and refused`, async () => {
      const web = createWeb((_request, response) => response.end('stage'));
      await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
      releases.push(() => web.close());
      const opened = open({ kind: 'rtsp', url: `${scheme}://127.0.0.1:${(web.address() as AddressInfo).port}/stage` });
      await fails(opened);
      const { source } = opened;
      const remedy = 'take kind mjpeg or http with an address that begins with http://, or correct the port';
      assert.deepEqual(
        [source.problem(), source.isRefused()],
        [`this port speaks HTTP, not ${scheme.toUpperCase()}; ${remedy}`, true],
      );
    });
});

test('one that says nothing is given up, and not asked twice at once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-silence-'));
  const [program, started] = [join(folder, 'ffmpeg'), join(folder, 'started')];
  writeFileSync(program, `#!/bin/sh\necho >> ${started}\nexec sleep 60\n`, { mode: 0o755 });
  const patience = { firstMs: 2000, silentMs: 2000 };
  const times = { firstMs: 60_000, longestMs: 60_000, refusedMs: 60_000 };
  const { source, start } = open({ kind: 'rtsp', url: 'rtsp://127.0.0.1:1/stage' }, { program, patience, times });
  await waitUntil('it is opened', () => source.problem() === NO_PICTURE_YET);
  start();
  await waitUntil('it is given up', () => source.problem() !== NO_PICTURE_YET);
  assert.equal(source.problem(), 'nothing came for 2 s');
  // None where the machine is so busy that it was given up before its first line.
  assert.ok(!existsSync(started) || readFileSync(started, 'utf8') === '\n');
});

test('an ffmpeg that the system cannot start is a problem in words', async () => {
  const { source } = open({ kind: 'video', file: 'no\0name.mp4' });
  await waitUntil('it was noticed', () => source.problem() !== undefined);
  assert.match(source.problem() ?? '', /^ffmpeg cannot be started: ERR_INVALID_ARG_VALUE/);
});

test('without ffmpeg the problem names the command that installs it', async () => {
  const { source } = open({ kind: 'video', file: 'any.mp4' }, { program: 'no-such-ffmpeg' });
  await waitUntil('it was noticed', () => source.problem() !== undefined);
  assert.deepEqual(
    [source.problem(), source.isRefused()],
    [
      'ffmpeg is not installed; install it (Debian: apt install ffmpeg; Docker: UNDERSTUDY_VISION_PROGRAMS=ffmpeg docker compose up -d --build)',
      true,
    ],
  );
});
