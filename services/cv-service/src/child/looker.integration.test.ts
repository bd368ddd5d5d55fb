import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { systemClock } from '@understudy/shared/service';
import fc from 'fast-check';
import { paintPicture } from '../testing/pictures.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { createForkWorker, forkWorker, type Worker } from './fork-worker.ts';
import { type ChildState, createLooker, type Looker } from './looker.ts';

const open: Looker[] = [];
afterEach(() => Promise.all(open.splice(0).map((looker) => looker.stop())));

function createTestLooker({ timeoutMs = 20_000, memoryMb = 1000, onFork = (_worker: Worker): void => {} } = {}) {
  const states: ChildState[] = [];
  const workers: Worker[] = [];
  const looker = createLooker({
    clock: systemClock,
    fork: forkWorker,
    timeoutMs,
    memoryMb,
    onState: (state) => states.push(state),
    onFork(worker) {
      workers.push(worker);
      onFork(worker);
    },
  });
  open.push(looker);
  return { looker, states, workers, names: () => states.map(({ state }) => state) };
}

const isAlive = (pid: number | undefined): boolean => {
  if (pid === undefined) return false;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a real child', () => {
  test('is ready when it has looked at a frame, and compares each picture with the one before', async () => {
    const { looker, names } = createTestLooker();
    assert.deepEqual(await looker.start(), { state: 'ready' });
    const pictures = await Promise.all([
      paintPicture({ grey: 40 }),
      paintPicture({ grey: 40, x: 60 }),
      paintPicture({ grey: 200 }),
    ]);
    const looks = [];
    for (const picture of pictures) {
      looks.push(await looker.look(picture));
      await looker.lookAtSyntheticFrame();
    }
    const measured = looks.map((look) => (look.type === 'seen' ? look.statistics : look));
    assert.deepEqual(Object.keys(measured[0] ?? {}), ['brightness']);
    const [, moved, changed] = measured;
    assert.ok(moved && 'motion' in moved && moved.motion !== undefined && moved.motion > 0.02, JSON.stringify(moved));
    assert.ok(moved.sceneChange !== undefined && moved.sceneChange < 0.1, JSON.stringify(moved));
    assert.ok(changed && 'sceneChange' in changed && changed.sceneChange === 1, JSON.stringify(changed));
    assert.deepEqual(names(), ['starting', 'ready']);
  });

  test('survives frames that are none, and says why', async () => {
    const { looker, workers, names } = createTestLooker();
    await looker.start();
    const picture = await paintPicture({ grey: 90 });
    const poison = [
      Buffer.from('no picture'),
      Buffer.alloc(0),
      picture.subarray(0, 300),
      Buffer.alloc(1_000_000, 0xff),
    ];
    for (const image of poison) {
      const look = await looker.look(image);
      assert.equal(look.type, 'bad_frame');
      assert.ok(look.type === 'bad_frame' && look.reason.length > 0);
    }
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat({ max: picture.length - 1 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 30 }),
        async (mutations) => {
          const image = Buffer.from(picture);
          for (const [at, value] of mutations) image[at] = value;
          assert.notEqual((await looker.look(image)).type, 'absent');
        },
      ),
      { numRuns: 150 },
    );
    assert.equal((await looker.look(picture)).type, 'seen');
    assert.deepEqual({ names: names(), children: workers.length }, { names: ['starting', 'ready'], children: 1 });
  });

  test('that is killed answers nobody any more; a new one is started only when it is asked for', async () => {
    const { looker, workers, names } = createTestLooker();
    await looker.start();
    workers[0]?.signal('SIGKILL');
    await waitUntil('the end was noticed', () => looker.state().state === 'failed');
    const detail = 'the vision process ended by signal SIGKILL';
    assert.deepEqual(looker.state(), {
      state: 'failed',
      failure: {
        kind: 'crashed',
        detail,
        exit: { exitCode: null, signal: 'SIGKILL', lastStderrLine: '', isOutOfMemory: false },
      },
    });
    assert.deepEqual(await looker.lookAtSyntheticFrame(), { type: 'absent', detail });
    assert.equal(workers.length, 1);
    assert.deepEqual(await looker.start(), { state: 'ready' });
    assert.equal((await looker.lookAtSyntheticFrame()).type, 'seen');
    assert.deepEqual(names(), ['starting', 'ready', 'failed', 'starting', 'ready']);
  });

  test('that is killed while it looks ends that look', async () => {
    const { looker, workers } = createTestLooker();
    await looker.start();
    workers[0]?.signal('SIGSTOP');
    const looks = Promise.all([looker.lookAtSyntheticFrame(), looker.lookAtSyntheticFrame()]);
    workers[0]?.signal('SIGKILL');
    assert.deepEqual(
      (await looks).map(({ type }) => type),
      ['absent', 'absent'],
    );
  });

  test('that stops answering is ended', { skip: process.platform === 'win32' }, async () => {
    const { looker, workers } = createTestLooker({ timeoutMs: 500 });
    await looker.start();
    workers[0]?.signal('SIGSTOP');
    const detail = 'the vision process did not answer within 500 ms and was ended';
    assert.deepEqual(await looker.lookAtSyntheticFrame(), { type: 'absent', detail });
    assert.deepEqual(looker.state(), { state: 'failed', failure: { kind: 'hung', detail } });
    await waitUntil('the process is gone', () => !isAlive(workers[0]?.pid));
  });

  test('that spins, as where no signal can stop a process, is ended too', async () => {
    const { looker, workers } = createTestLooker({ timeoutMs: 500 });
    await looker.start();
    workers[0]?.send({ type: 'spin', durationMs: 60_000 });
    await looker.lookAtSyntheticFrame();
    assert.equal(looker.state().state, 'failed');
    await waitUntil('the process is gone', () => !isAlive(workers[0]?.pid));
  });

  test('that takes more memory than it may is ended', async () => {
    const { looker, workers } = createTestLooker({ memoryMb: 20 });
    await looker.start();
    await waitUntil('it was ended', () => looker.state().state === 'failed');
    const state = looker.state();
    assert.ok(state.state === 'failed' && state.failure.kind === 'over_memory', JSON.stringify(state));
    assert.match(
      state.failure.detail,
      /^the vision process uses \d+ MB, more than vision\.child_memory_mb \(20\), and was ended$/,
    );
    await waitUntil('the process is gone', () => !isAlive(workers[0]?.pid));
  });

  test('that dies before it has answered is a start that failed', async () => {
    const { looker, names } = createTestLooker({ onFork: (worker) => void worker.signal('SIGKILL') });
    assert.equal((await looker.start()).state, 'failed');
    assert.deepEqual(names(), ['starting', 'failed']);
  });
});

test('a child that the system cannot start is a start that failed, in words', async () => {
  const looker = createLooker({
    clock: systemClock,
    fork: createForkWorker(new URL('file:///no%00name.ts')),
    timeoutMs: 1000,
    memoryMb: 1000,
    onState: () => {},
  });
  const state = await looker.start();
  assert.ok(state.state === 'failed' && state.failure.kind === 'crashed', JSON.stringify(state));
  assert.match(state.failure.detail, /^the vision process could not be started: .* null bytes/);
});

describe('one child at a time', () => {
  test('starts that overlap leave one child, and the last one settles them all', async () => {
    const { looker, workers } = createTestLooker();
    await Promise.all([looker.start(), looker.start(), looker.start()]);
    await waitUntil('the last one answers', () => looker.state().state === 'ready');
    await waitUntil('only one is left', () => workers.filter(({ pid }) => isAlive(pid)).length === 1);
    assert.equal(looker.worker(), workers.at(-1));
  });

  test('a stop while it starts leaves none', async () => {
    const { looker, workers } = createTestLooker();
    const starting = looker.start();
    await looker.stop();
    await starting;
    assert.deepEqual(looker.state(), { state: 'stopped' });
    await waitUntil('the process is gone', () => workers.every(({ pid }) => !isAlive(pid)));
  });
});

test('the child sees no secret of its parent', async () => {
  process.env['PLANTED_API_KEY'] = 'planted';
  const { looker, workers } = createTestLooker();
  await looker.start();
  delete process.env['PLANTED_API_KEY'];
  if (process.platform !== 'linux') return;
  const { readFile } = await import('node:fs/promises');
  const environment = await readFile(`/proc/${workers[0]?.pid}/environ`, 'utf8');
  assert.ok(environment.includes('PATH='));
  assert.equal(environment.includes('PLANTED_API_KEY'), false);
});
