import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { FULL_CEILINGS } from '@understudy/shared/contracts';
import { startCamera } from '@understudy/simulators';
import {
  FULL,
  openService,
  patience,
  type Releases,
  releaseAll,
  type ServiceSettings,
} from './testing/open-service.ts';
import { waitUntil } from './testing/wait-until.ts';

const releases: Releases = [];
afterEach(() => releaseAll(releases));
const open = (settings?: ServiceSettings) => openService(releases, settings);

test('it sees a camera, tells what changes, and both probes prove it', async () => {
  const { camera, becomes, levels, errors, observations, probe, metrics } = await open();
  await becomes(FULL);
  assert.deepEqual(levels.slice(0, 1), ['off by child_starting']);
  await waitUntil('movement was told', () => observations().some(({ kind }) => kind === 'motion'));
  const [first] = observations();
  assert.ok(
    first &&
      first.ageMs >= 0 &&
      first.confidence >= 0.5 &&
      Math.abs(Date.parse(first.observedAt) - Date.now()) < 60_000,
  );
  const place = camera.streamUrl.replace('http://', '');
  assert.deepEqual(await probe('child-answers'), {
    ok: true,
    detail: 'the vision process looked at a synthetic frame',
  });
  assert.deepEqual(await probe('frames-fresh'), { ok: true, detail: `a new frame came from mjpeg ${place}` });
  assert.deepEqual(errors, []);
  assert.match(await metrics(), /understudy_vision_frames_total\{result="looked",service="cv-service"\} [1-9]/);
});

test('a crash of the child is told once and left to the supervisor, whose command repairs it', async () => {
  const { parts, becomes, codes, errors, probe, metrics } = await open();
  await becomes(FULL);
  await becomes('off by child_crashed', () => parts.injectFault?.({ fault: 'cv_crash', durationMs: 1 }));
  const detail = 'the vision process ended by signal SIGKILL';
  assert.deepEqual(await probe('child-answers'), { ok: false, detail });
  assert.deepEqual(
    errors.map(({ code, message, context }) => ({ code, message, context })),
    [
      {
        code: 'CV_CHILD_CRASHED',
        message: `${detail.replace('the', 'The')}. Seeing is off until it is restarted. Understudy did not end it: the kernel does so when the memory of the machine or container runs out (its log says so), else somebody did.`,
        context: { kind: 'crashed', exitCode: null, signal: 'SIGKILL', lastStderrLine: '', isOutOfMemory: false },
      },
    ],
  );
  assert.deepEqual(await parts.commands['restart-child']({}, patience()), {
    ok: true,
    detail: 'The vision process was started and has looked at a frame.',
  });
  await becomes(FULL);
  assert.equal((await probe('child-answers'))?.ok, true);
  assert.deepEqual(codes(), ['CV_CHILD_CRASHED']);
  assert.match(await metrics(), /understudy_vision_child_restarts_total\{service="cv-service"\} 1/);
});

test('a crash that lasts hits each new child, so that a restart budget can be spent; it is one error', async () => {
  const { parts, becomes, codes } = await open();
  await becomes(FULL);
  await becomes('off by child_crashed', () => parts.injectFault?.({ fault: 'cv_crash', durationMs: 600_000 }));
  for (let restart = 1; restart <= 3; restart += 1) {
    assert.deepEqual(await parts.commands['restart-child']({}, patience()), {
      ok: false,
      detail: 'The vision process was started, but the vision process ended by signal SIGKILL.',
    });
  }
  assert.deepEqual(codes(), ['CV_CHILD_CRASHED']);
  await parts.injectFault?.({ fault: 'cv_crash', durationMs: 1 });
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal((await parts.commands['restart-child']({}, patience())).ok, true);
});

test('a child that hangs is ended and told as that', { skip: process.platform === 'win32' }, async () => {
  const { parts, becomes, codes } = await open({ vision: { child_timeout_ms: 2000 } });
  await becomes(FULL);
  await becomes('off by child_hung', () => parts.injectFault?.({ fault: 'cv_hang', durationMs: 600_000 }));
  assert.deepEqual(codes(), ['CV_CHILD_HUNG']);
});

describe('the camera', () => {
  test('goes: seeing is off, told once; it comes again by the command, and everything is full', async () => {
    const { camera, parts, becomes, codes, errors, probe } = await open({ vision: { frame_timeout_ms: 3000 } });
    await becomes(FULL);
    await becomes('off by no_frames', () => camera.applyFault('camera_gone'));
    const place = camera.streamUrl.replace('http://', '');
    assert.deepEqual(await parts.commands.reconnect({}, patience()), {
      ok: false,
      detail: `a new frame did not come from mjpeg ${place}: connect ECONNREFUSED ${place.replace('/stream.mjpeg', '')}`,
    });
    assert.equal((await probe('frames-fresh'))?.ok, false);
    assert.deepEqual(codes(), ['CV_SOURCE_LOST']);
    assert.equal(errors[0]?.subject, `mjpeg ${place}`);
    camera.clearFaults();
    await waitUntil('the camera is back', () => camera.state().listening);
    assert.equal((await parts.commands.reconnect({}, patience())).ok, true);
    await becomes(FULL);
    assert.equal((await probe('frames-fresh'))?.ok, true);
    assert.deepEqual(codes(), ['CV_SOURCE_LOST']);
  });

  test('freezes: degraded, told once, no proof until another picture comes', async () => {
    const { camera, becomes, codes, probe } = await open({ vision: { frozen_after_ms: 2000 } });
    await becomes(FULL);
    await becomes('degraded by frozen', () => camera.applyFault('camera_frozen'));
    assert.equal((await probe('frames-fresh'))?.ok, false);
    const proved = probe('frames-fresh');
    camera.clearFaults();
    assert.equal((await proved)?.ok, true);
    await becomes(FULL);
    assert.deepEqual(codes(), ['CV_SOURCE_FROZEN']);
  });

  test('sends garbage: the child lives, it is counted and told, and counts as no picture', async () => {
    const { camera, becomes, codes, probe, metrics } = await open({ vision: { frame_timeout_ms: 3000 } });
    await becomes(FULL);
    await becomes('off by no_frames', () => camera.applyFault('camera_garbage'));
    assert.deepEqual(
      { codes: codes(), child: (await probe('child-answers'))?.ok, frames: (await probe('frames-fresh'))?.ok },
      {
        codes: ['CV_BAD_FRAME', 'CV_SOURCE_LOST'],
        child: true,
        frames: false,
      },
    );
    assert.match(
      await metrics(),
      /understudy_bad_input_total\{edge="camera",reason="not_an_image",service="cv-service"\} [1-9]/,
    );
    await becomes(FULL, () => camera.clearFaults());
  });

  test('goes dark: that is seen, not a failure', async () => {
    const { camera, codes, observations } = await open({ vision: { brightness_threshold: 0.05 } });
    await waitUntil('the light was seen', () => observations().length > 0);
    camera.applyFault('camera_black');
    await waitUntil('the dark was told', () =>
      observations().some(({ kind, value }) => kind === 'brightness' && value < 0),
    );
    assert.deepEqual(codes(), []);
  });

  test('of single pictures is seen as well, and found again without a command', async () => {
    const { camera, becomes, codes } = await open({
      source: ({ frameUrl }) => `{ kind: http, url: "${frameUrl}" }`,
      vision: { frame_timeout_ms: 3000 },
    });
    await becomes(FULL);
    await becomes('off by no_frames', () => camera.applyFault('camera_gone'));
    await becomes(FULL, () => camera.clearFaults());
    assert.deepEqual(codes(), ['CV_SOURCE_LOST']);
  });
});

describe('without its supervisor', () => {
  test('it restarts the child by itself, and says so when the supervisor is back', async () => {
    const recovery = 'recovery: { disable_feature: { restart_delay_ms: 50 } }\n';
    const { parts, becomes, codes, errors, world } = await open({ recovery });
    await becomes(FULL);
    world.supervised = false;
    await becomes('off by child_crashed', () => parts.injectFault?.({ fault: 'cv_crash', durationMs: 1 }));
    await becomes(FULL);
    world.supervised = true;
    await waitUntil('it was told', () => codes().length === 2);
    assert.deepEqual(codes(), ['CV_CHILD_CRASHED', 'SUPERVISOR_SILENT']);
    assert.equal(errors[1]?.context['attempts'], 1);
  });

  test('it spends its budget of restarts, rests, and tries again', async () => {
    const recovery = 'recovery: { disable_feature: { restarts: 2, restart_delay_ms: 20, off_ms: 3000 } }\n';
    const { parts, becomes, levels, metrics, world } = await open({ recovery });
    const crashes = (): number => levels.filter((level) => level === 'off by child_crashed').length;
    const restarts = async (): Promise<number> => {
      const [, count] =
        /understudy_vision_child_restarts_total\{service="cv-service"\} (\d+)/.exec(await metrics()) ?? [];
      return Number(count);
    };
    await becomes(FULL);
    world.supervised = false;
    await parts.injectFault?.({ fault: 'cv_crash', durationMs: 600_000 });
    await waitUntil('the budget is spent', () => crashes() === 3);
    assert.equal(await restarts(), 2);
    await becomes(FULL, () => parts.injectFault?.({ fault: 'cv_crash', durationMs: 1 }));
    assert.deepEqual([crashes(), await restarts()], [3, 3]);
  });

  test('it reconnects to a camera that comes back', async () => {
    const recovery = 'recovery: { reconnect_retry: { initial_delay_ms: 50, max_delay_ms: 200, slow_probe_ms: 300 } }\n';
    const { camera, becomes, codes, world } = await open({ recovery, vision: { frame_timeout_ms: 3000 } });
    await becomes(FULL);
    world.supervised = false;
    await becomes('off by no_frames', () => camera.applyFault('camera_gone'));
    await becomes(FULL, () => camera.clearFaults());
    assert.deepEqual(codes(), ['CV_SOURCE_LOST']);
  });
});

describe('by the word of the supervisor', () => {
  test('a ceiling of off gives child and source back; a higher one starts them again', async () => {
    const { camera, context, parts, becomes, see, probe } = await open();
    await becomes(FULL);
    context.setCeilings({ ...FULL_CEILINGS, see: { level: 'off', by: 'essential_mode' } });
    await becomes('off by essential_mode', () => parts.onCeiling?.('see', context.ceiling('see')));
    await waitUntil('nobody looks at the camera', () => camera.state().viewers === 0);
    const refused = {
      ok: false,
      detail: 'Seeing is switched off by its ceiling; set the ceiling of see to full first.',
    };
    assert.deepEqual(
      [
        await probe('child-answers'),
        await probe('frames-fresh'),
        await parts.commands['restart-child']({}, patience()),
        await parts.commands.reconnect({}, patience()),
      ],
      [refused, refused, refused, refused],
    );
    await assert.rejects(async () => parts.injectFault?.({ fault: 'cv_crash', durationMs: 1 }), {
      message: 'There is no vision process to hit: seeing is switched off by its ceiling.',
    });
    assert.equal(see(), 'off by essential_mode');
    context.setCeilings(FULL_CEILINGS);
    parts.onCeiling?.('see', context.ceiling('see'));
    assert.equal((await parts.commands['restart-child']({}, patience())).ok, true);
    await becomes(FULL);
  });

  test('memory is given back step by step, and taken again', async () => {
    const { parts, becomes } = await open({ vision: { detect: '[people]' } });
    await becomes(FULL);
    assert.match((await parts.shed?.('caches')) ?? '', /^dropped \d+ bytes of a waiting frame$/);
    await becomes('degraded by features_shed', async () =>
      assert.equal(await parts.shed?.('features'), 'looks at 0.5 frames a second at the most'),
    );
    await becomes(FULL, () => parts.restore?.());
    await parts.safeMoment?.(patience());
  });

  test('a new configuration is followed: another camera', async () => {
    const { camera, context, parts, becomes } = await open();
    const other = await startCamera({ port: 0 });
    releases.push(() => other.close());
    await becomes(FULL);
    const config = context.config();
    const source = { kind: 'mjpeg', url: other.streamUrl } as const;
    await becomes(FULL, () => context.setConfig({ ...config, vision: { ...config.vision, source } }));
    await waitUntil('the other camera is looked at', () => other.state().viewers === 1 && camera.state().viewers === 0);
    const subject = (url: string) => `mjpeg ${new URL(url).host}/stream.mjpeg`;
    const gone = async (what: 'frames-fresh' | 'picture-visible', url: string) =>
      (await parts.probes[what]?.(subject(url), patience()))?.gone ?? false;
    for (const what of ['frames-fresh', 'picture-visible'] as const)
      assert.deepEqual([await gone(what, camera.streamUrl), await gone(what, other.streamUrl)], [true, false]);
  });
});

test('a stop leaves no child and no viewer', async () => {
  const { camera, parts, becomes, see } = await open();
  await becomes(FULL);
  await parts.stop();
  assert.equal(see(), 'off by stopped');
  await waitUntil('nobody looks at the camera', () => camera.state().viewers === 0);
});

test('an address where nothing is does not keep the service from starting', async () => {
  const { becomes, codes, errors } = await open({
    source: () => '{ kind: mjpeg, url: "http://127.0.0.1:1/x" }',
    vision: { frame_timeout_ms: 2000 },
  });
  await becomes('off by no_frames');
  assert.deepEqual(codes(), ['CV_SOURCE_LOST']);
  assert.match(
    errors[0]?.message ?? '',
    /^No picture from mjpeg 127\.0\.0\.1:1\/x for \d+\.\d s \(connect ECONNREFUSED 127\.0\.0\.1:1\)\. Start the program/,
  );
});
