import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { systemClock } from '@understudy/shared/service';
import { type ObsAnswer, startObsStandIn } from '../testing/obs-stand-in.ts';
import { paintPicture } from '../testing/pictures.ts';
import { waitUntil } from '../testing/wait-until.ts';
import type { BadFrameReason, Frame } from './frame-source.ts';
import { createObsSource } from './obs-source.ts';

const releases: (() => unknown)[] = [];
afterEach(async () => {
  for (const release of releases.splice(0).reverse()) await release();
});

const PICTURE = await paintPicture({ grey: 90 });
const imageData = `data:image/jpeg;base64,${PICTURE.toString('base64')}`;
const works = (requestType: string): ObsAnswer =>
  requestType === 'GetCurrentProgramScene'
    ? { code: 100, data: { currentProgramSceneName: 'Stage' } }
    : { code: 100, data: { imageData } };

async function open() {
  const obs = await startObsStandIn();
  releases.push(() => obs.close());
  const frames: Frame[] = [];
  const bad: BadFrameReason[] = [];
  const source = createObsSource({ kind: 'obs', host: '127.0.0.1', port: obs.port, width: 320 }, 500, systemClock, {
    times: { firstMs: 100, longestMs: 200, refusedMs: 60_000 },
    timeoutMs: 1000,
  });
  const start = (): void =>
    source.start({ onFrame: (frame) => frames.push(frame), onBadInput: (reason) => bad.push(reason) });
  releases.push(() => source.stop());
  const isSeen = async (): Promise<void> => {
    const before = frames.length;
    await waitUntil(
      () => `a picture came: ${source.problem()}`,
      () => frames.length > before,
    );
    assert.deepEqual([frames.at(-1)?.image, source.problem()], [PICTURE, undefined]);
  };
  const says = async (problem: string): Promise<void> => {
    await waitUntil(
      () => `it said "${problem}"; it said ${source.problem()}`,
      () => source.problem() === problem,
    );
    assert.equal(source.isRefused(), false);
  };
  return { obs, source, bad, start, isSeen, says };
}

for (const [name, answer, problem] of [
  ['hangs at once', () => 'hang' as const, 'OBS did not name its scene within 1 s'],
  [
    'hangs at a picture',
    (type: string) => (type === 'GetSourceScreenshot' ? ('hang' as const) : works(type)),
    'OBS did not send a picture within 1 s',
  ],
  ['is not ready', () => ({ code: 207 }), 'OBS is not ready yet'],
  [
    'sends what is no picture',
    (type: string) => (type === 'GetSourceScreenshot' ? { code: 100, data: { imageData: 'stage' } } : works(type)),
    'OBS answered with something that is no picture',
  ],
] as const) {
  test(`an OBS that ${name} is asked again until it works, in one session`, async () => {
    const { obs, bad, start, isSeen, says } = await open();
    obs.behave(answer);
    start();
    await says(problem);
    obs.behave(works);
    await isSeen();
    assert.equal(bad.length > 0, name === 'sends what is no picture');
    await waitUntil('one session is left', () => obs.sessions() === 1);
  });
}

test('an OBS that does not greet is asked again until it does', async () => {
  const { obs, start, isSeen, says } = await open();
  obs.greet(false);
  start();
  await says('OBS did not greet within 1 s');
  obs.greet(true);
  obs.behave(works);
  await isSeen();
});

test('thrown out by somebody in OBS it says so, and comes again', async () => {
  const { obs, source, start, isSeen, says } = await open();
  obs.behave(works);
  start();
  await isSeen();
  obs.behave(() => 'hang' as const);
  obs.closeAll(4011);
  await says('somebody ended the session in OBS');
  obs.behave(works);
  await isSeen();
  source.stop();
  await waitUntil('no session is left', () => obs.sessions() === 0);
});
