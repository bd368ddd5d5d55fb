import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock, createFakeContext } from '@understudy/shared/testing';
import type { DetectResult } from '../child/looker.ts';
import { createCloserLooks } from './closer-looks.ts';

const DETECTED: DetectResult = { type: 'detected', id: 1, rssBytes: 1, detections: {} };
const FAILED: DetectResult = {
  type: 'detection_failed',
  id: 1,
  rssBytes: 1,
  reason: 'the model handtrack cannot be loaded',
};

function setUp() {
  const clock = createFakeClock(0);
  const fake = createFakeContext('cv-service', { clock });
  const world = { result: DETECTED, tookMs: 100, isShed: false, seenAt: [] as number[] };
  const answer = async (): Promise<DetectResult> => {
    world.seenAt.push(clock.now());
    await clock.sleep(world.tookMs);
    return world.result;
  };
  const closer = createCloserLooks(fake, {
    settings: { detect: ['people'], detect_confidence: 0.5, detect_max_fps: 0.5, max_age_ms: 5000 },
    looker: { detect: answer, proveModels: answer, state: () => ({ state: 'ready' }) },
    isShed: () => world.isShed,
    onDetections: () => {},
    onChange: () => {},
  });
  const run = async (ms: number): Promise<void> => {
    const end = clock.now() + ms;
    while (clock.now() < end) {
      const now = clock.now();
      const looking = closer.look({ image: Buffer.alloc(1), capturedAt: now, receivedAt: now });
      let isDone = false;
      void looking.then(() => {
        isDone = true;
      });
      do await clock.advance(100);
      while (!isDone);
    }
  };
  return { world, closer, run, clock, codes: () => fake.errors.map(({ code }) => code), errors: fake.errors };
}

test('the models have their own pace', async () => {
  const { world, run } = setUp();
  await run(6000);
  assert.deepEqual(world.seenAt, [0, 2000, 4000]);
});

test('models that fail are told once, tried again more and more rarely, and found when they work', async () => {
  const { world, closer, run, codes } = setUp();
  world.result = FAILED;
  await run(80_000);
  assert.deepEqual(
    [world.seenAt, codes(), closer.state()],
    [[0, 10_100, 30_200, 70_300], ['CV_DETECTION_FAILED'], 'failed'],
  );
  world.result = DETECTED;
  await run(80_000);
  assert.equal(closer.state(), 'working');
});

test('looks that take too long are told once, paced down, and no proof while they do', async () => {
  const { world, closer, run, clock, codes } = setUp();
  world.tookMs = 6000;
  await run(60_000);
  assert.deepEqual([codes(), closer.state()], [['CV_LAGGING'], 'late']);
  assert.ok(world.seenAt.length <= 4, String(world.seenAt));
  const proof = closer.prove();
  await clock.advance(6000);
  assert.equal(await proof, 'the models took 6000 ms for one picture');
  world.tookMs = 100;
  const second = closer.prove();
  await clock.advance(100);
  assert.deepEqual([await second, closer.state()], [undefined, 'working']);
});

test('one late look is no lag: it may be the loading of the models', async () => {
  const { world, run, codes } = setUp();
  world.tookMs = 6000;
  await run(100);
  world.tookMs = 100;
  await run(30_000);
  assert.deepEqual(codes(), []);
});

test('while memory is short no picture is shown to them, and nothing is proved', async () => {
  const { world, closer, run } = setUp();
  world.isShed = true;
  await run(4000);
  assert.deepEqual(
    [world.seenAt, closer.state(), await closer.prove()],
    [[], 'off', 'the models are given up for now, to save memory'],
  );
});
