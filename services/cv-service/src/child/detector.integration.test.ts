import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, test } from 'node:test';
import { systemClock } from '@understudy/shared/service';
import { paintPicture } from '../testing/pictures.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { createForkWorker, type ForkWorker, forkWorker } from './fork-worker.ts';
import { SAMPLE_PICTURE } from './human-library.ts';
import { createLooker, type Looker } from './looker.ts';

const open: Looker[] = [];
afterEach(() => Promise.all(open.splice(0).map((looker) => looker.stop())));

async function startLooker({
  fork = forkWorker,
  memoryMb = 1000,
  timeoutMs = 20_000,
}: {
  readonly fork?: ForkWorker;
  readonly memoryMb?: number;
  readonly timeoutMs?: number;
} = {}) {
  const seen = { badAnswers: 0, rssBytes: [] as number[] };
  const looker = createLooker({
    clock: systemClock,
    fork,
    timeoutMs,
    memoryMb,
    onState: () => {},
    onMemory: (bytes) => seen.rssBytes.push(bytes),
    onBadAnswer: () => {
      seen.badAnswers += 1;
    },
  });
  open.push(looker);
  await looker.start();
  return { looker, seen };
}

const ALL = ['people', 'faces', 'hands', 'gestures'] as const;
/** A photo of one person beside a drawn avatar, from the library's own pictures. */
const PERSON_AND_AVATAR = join(dirname(SAMPLE_PICTURE), 'screenshot-vrm.jpg');

test('the models find a person and an avatar, and prove themselves on their sample', async () => {
  const { looker } = await startLooker();
  const wish = { kinds: ALL, minConfidence: 0.5 };
  const answer = await looker.detect(await readFile(PERSON_AND_AVATAR), wish);
  assert.ok(answer.type === 'detected', JSON.stringify(answer));
  const { people, faces, hands, gestures } = answer.detections;
  assert.deepEqual([people?.count, faces?.count, hands?.count, gestures], [2, 1, 0, []]);
  assert.equal((await looker.proveModels(ALL)).type, 'detected');
  const nobody = await looker.detect(await paintPicture({ grey: 90 }), { kinds: ['people'], minConfidence: 0.5 });
  assert.ok(nobody.type === 'detected', JSON.stringify(nobody));
  assert.deepEqual(nobody.detections, { people: { count: 0, confidence: 0.5 } });
  const bad = await looker.detect(Buffer.from('no picture'), wish);
  assert.equal(bad.type, 'bad_frame');
  assert.equal(looker.state().state, 'ready');
});

test('many looks of the models take no more memory than some', async () => {
  const { looker, seen } = await startLooker();
  const image = await readFile(PERSON_AND_AVATAR);
  for (let look = 0; look < 25; look += 1) await looker.detect(image, { kinds: ['faces'], minConfidence: 0.5 });
  const [settled = 0, last = 0] = [seen.rssBytes[10], seen.rssBytes.at(-1)];
  assert.ok(last - settled < 60_000_000, `${settled} -> ${last}`);
});

const testWorker = (name: string): ForkWorker => createForkWorker(new URL(`../testing/${name}.ts`, import.meta.url));

test('a child that leaks a little with every look is ended at its limit', async () => {
  const { looker } = await startLooker({ fork: testWorker('leaking-worker'), memoryMb: 300 });
  await waitUntil('it was ended', async () => (await looker.lookAtSyntheticFrame()).type === 'absent');
  const state = looker.state();
  assert.ok(state.state === 'failed' && state.failure.kind === 'over_memory', JSON.stringify(state));
});

test('a child whose heap is full before it can answer is told as that too', async () => {
  const { looker } = await startLooker({ fork: testWorker('heap-eating-worker'), memoryMb: 64 });
  await looker.look(Buffer.from('eat'));
  const state = looker.state();
  assert.ok(state.state === 'failed' && state.failure.kind === 'over_memory', JSON.stringify(state));
});

test('what a child says that is no answer is counted, and it goes on', async () => {
  const { looker, seen } = await startLooker({ fork: testWorker('babbling-worker') });
  assert.equal((await looker.lookAtSyntheticFrame()).type, 'seen');
  assert.ok(seen.badAnswers >= 10, String(seen.badAnswers));
});
