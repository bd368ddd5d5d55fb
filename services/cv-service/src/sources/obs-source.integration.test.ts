import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { systemClock } from '@understudy/shared/service';
import { freePort } from '@understudy/shared/testing';
import sharp from 'sharp';
import { startObs, whyNoObs } from '../testing/obs-peer.ts';
import { waitUntil } from '../testing/wait-until.ts';
import type { Frame } from './frame-source.ts';
import { createObsSource } from './obs-source.ts';

const releases: (() => unknown)[] = [];
afterEach(async () => {
  for (const release of releases.splice(0).reverse()) await release();
});
const PASSWORD = 'stage-secret';
process.env['TEST_OBS_PASSWORD'] = PASSWORD;
process.env['TEST_OBS_WRONG'] = 'wrong';

function open(port: number, own: { readonly source?: string; readonly password_env?: string } = {}) {
  const frames: Frame[] = [];
  const source = createObsSource(
    { kind: 'obs', host: '127.0.0.1', port, width: 320, password_env: 'TEST_OBS_PASSWORD', ...own },
    500,
    systemClock,
    { times: { firstMs: 100, longestMs: 200, refusedMs: 60_000 } },
  );
  source.start({ onFrame: (frame) => frames.push(frame), onBadInput: () => {} });
  releases.push(() => source.stop());
  return { source, frames };
}

describe('a real OBS', { skip: whyNoObs() }, () => {
  test('its scene is seen; it dies, is started again, and is seen again; what it refuses is told', async () => {
    const port = await freePort();
    let obs = await startObs(port, PASSWORD);
    releases.push(() => obs.kill());
    const { source, frames } = open(port);
    await waitUntil(
      () => `the scene came: ${source.problem()}`,
      () => frames.length >= 2,
    );
    assert.deepEqual(
      [(await sharp(frames[0]?.image ?? Buffer.alloc(0)).metadata()).width, source.isRefused()],
      [320, false],
    );

    for (const [own, problem] of [
      [{ password_env: 'TEST_OBS_WRONG' }, /^OBS refuses the password/],
      [{ password_env: 'TEST_OBS_NONE' }, /^there is no password for OBS: the variable TEST_OBS_NONE is not set$/],
      [{ source: 'Nowhere' }, /^OBS has no source or scene "Nowhere" with a picture$/],
    ] as const) {
      const refused = open(port, own).source;
      await waitUntil('it was refused', () => refused.problem() !== undefined);
      assert.match(refused.problem() ?? '', problem);
      assert.equal(refused.isRefused(), true);
      await refused.stop();
    }

    await obs.kill();
    await waitUntil('its end was noticed', () => source.problem() !== undefined);
    assert.equal(source.isRefused(), false);
    const before = frames.length;
    obs = await startObs(port, PASSWORD);
    await waitUntil(
      () => `it was seen again: ${source.problem()}`,
      () => frames.length > before,
    );
    assert.equal(source.problem(), undefined);
  });
});
