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
import { startRtspPeer } from '../testing/rtsp-peer.ts';
import { waitUntil } from '../testing/wait-until.ts';
import type { FfmpegInput } from './ffmpeg-arguments.ts';
import { createFfmpegSource, type FfmpegOptions } from './ffmpeg-source.ts';
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

/** An RTSP server that answers every request with one status. */
async function answerAll(status: string): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      const sequence = /cseq: *(\d+)/i.exec(data.toString('latin1'))?.[1] ?? '1';
      const authenticate = status.startsWith('401') ? 'WWW-Authenticate: Basic realm="stage"\r\n' : '';
      const isOptions = data.toString('latin1').startsWith('OPTIONS');
      socket.write(`RTSP/1.0 ${isOptions ? '200 OK' : status}\r\nCSeq: ${sequence}\r\n${authenticate}\r\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  releases.push(() => server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
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
    const running = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
    assert.equal(running.includes(folder), false);
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
    assert.deepEqual(
      [source.problem(), source.isRefused()],
      [`video ${join(folder, 'none.mp4')}: No such file or directory`, true],
    );
  });
});

describe('RTSP through a real ffmpeg', { skip }, () => {
  for (const [status, isRefused] of [
    ['401 Unauthorized', true],
    ['404 Not Found', true],
    ['503 Service Unavailable', false],
  ] as const) {
    test(`${status} is ${isRefused ? '' : 'not '}a refusal, and told without the password`, async () => {
      const place = await answerAll(status);
      const { source } = open({ kind: 'rtsp', url: `rtsp://me:geheim@${place}/stage` });
      await waitUntil('it was noticed', () => source.problem() !== undefined);
      assert.equal(source.isRefused(), isRefused);
      assert.doesNotMatch(`${source.problem()} ${source.describe()}`, /geheim/);
    });
  }

  test('a camera with a password is seen, scaled; it loses its power and is seen again; the stop ends the session', async () => {
    const account = { user: 'me', password: 'geheim' };
    const peer = await startRtspPeer({ account });
    releases.push(() => peer.close());
    const { source, frames } = open({ kind: 'rtsp', url: `rtsp://me:geheim@${peer.place}` });
    await waitUntil(
      () => `pictures came: ${source.problem()}`,
      () => frames.length >= 3,
    );
    const { format, width, height } = await sharp(frames[0]?.image ?? Buffer.alloc(0)).metadata();
    assert.deepEqual({ format, width, height }, { format: 'jpeg', width: 320, height: 180 });
    await peer.close();
    await waitUntil('the loss was noticed', () => source.problem() !== undefined);
    assert.equal(source.isRefused(), false);
    assert.doesNotMatch(`${source.problem()} ${source.describe()}`, /geheim/);
    const again = await startRtspPeer({ account, port: peer.port });
    releases.push(() => again.close());
    const before = frames.length;
    await waitUntil(
      () => `pictures came again: ${source.problem()}`,
      () => frames.length >= before + 3,
    );
    assert.equal(source.problem(), undefined);
    await source.stop();
    await waitUntil('the session is ended', () => again.viewers() === 0);
  });

  test('a wrong password is refused, and told without either', async () => {
    const peer = await startRtspPeer({ account: { user: 'me', password: 'geheim' } });
    releases.push(() => peer.close());
    const { source, frames } = open({ kind: 'rtsp', url: `rtsp://me:falsch@${peer.place}` });
    await waitUntil('it was refused', () => source.problem() !== undefined);
    assert.deepEqual([source.isRefused(), frames], [true, []]);
    assert.match(source.problem() ?? '', /401 Unauthorized/);
    assert.doesNotMatch(`${source.problem()} ${source.describe()}`, /geheim|falsch/);
  });

  test('nobody there is no refusal', async () => {
    const { source } = open({ kind: 'rtsp', url: 'rtsp://me:geheim@127.0.0.1:1/stage' });
    await waitUntil('it was noticed', () => source.problem() !== undefined);
    assert.match(source.problem() ?? '', /Connection refused/);
    assert.equal(source.isRefused(), false);
    assert.doesNotMatch(source.problem() ?? '', /geheim/);
  });

  test('a camera that says nothing is given up', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => {
      silent.listen(0, '127.0.0.1', resolve);
    });
    releases.push(() => silent.close());
    const url = `rtsp://127.0.0.1:${(silent.address() as AddressInfo).port}/stage`;
    const { source } = open({ kind: 'rtsp', url }, { idleMs: 500 });
    await waitUntil('it was given up', () => source.problem() !== undefined);
    assert.equal(source.problem(), 'nothing came for 0.5 s');
    await source.stop();
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
