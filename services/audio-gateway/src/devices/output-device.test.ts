import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock, createFakeContext } from '@understudy/shared/testing';
import type { AudioSink } from './audio-sink.ts';
import { createOutputDevice } from './output-device.ts';

function setUp() {
  const clock = createFakeClock();
  const context = createFakeContext('audio-gateway', { clock });
  const there = new Set(['first', 'second']);
  const asked: string[] = [];
  const levels: string[] = [];
  const sink = (id: string): AudioSink => ({
    id,
    async isThere() {
      asked.push(id);
      await clock.sleep(10);
      return { ok: there.has(id), detail: `${id} is ${there.has(id) ? 'there' : 'gone'}` };
    },
    play: async () => {},
  });
  const streak: string[] = [];
  const output = createOutputDevice(context, {
    streaks: { failed: (id) => void streak.push(`failed ${id}`), worked: (id) => void streak.push(`worked ${id}`) },
    onLevel: ({ level, by }) => void levels.push(`${level} ${by}`),
  });
  output.replaceSinks([sink('first'), sink('second')]);
  const prove = async () => {
    const proof = output.prove();
    await clock.advance(50);
    return proof;
  };
  return { clock, context, there, asked, levels, streak, output, prove };
}

test('the first of the list is selected and full; another one is degraded', async () => {
  const { output, levels, prove } = setUp();
  assert.equal((await prove()).state, 'there');
  output.select('second');
  assert.equal((await prove()).state, 'there');
  assert.deepEqual(levels, ['full device:first', 'degraded device:second']);
});

test('a loss is reported once while it lasts, and anew the next time', async () => {
  const { context, there, levels, streak, output, prove } = setUp();
  for (const round of [1, 2]) {
    there.clear();
    const [once, again] = [await prove(), await prove()];
    assert.deepEqual(once, again);
    assert.deepEqual(once, { state: 'gone', event: context.errors.at(-1) });
    assert.equal(context.errors.length, round);
    assert.equal(output.standing(), context.errors.at(-1));
    there.add('first');
    await prove();
    assert.equal(output.standing(), undefined);
  }
  assert.deepEqual(levels.slice(0, 3), ['off no_device', 'off no_device', 'full device:first']);
  assert.deepEqual(streak.slice(0, 3), ['failed first', 'failed first', 'worked first']);
});

test('questions at the same time share one answer', async () => {
  const { clock, output, asked } = setUp();
  const answers = Promise.all([output.prove(), output.prove(), output.prove()]);
  await clock.advance(50);
  assert.deepEqual(
    (await answers).map(({ state }) => state),
    ['there', 'there', 'there'],
  );
  assert.deepEqual(asked, ['first']);
});

test('an output that was left meanwhile says nothing about the one that serves', async () => {
  const { clock, context, there, output, asked, levels } = setUp();
  there.delete('first');
  const proving = output.prove();
  output.select('second');
  await clock.advance(50);
  assert.equal((await proving).state, 'there');
  assert.deepEqual(
    { asked, levels, errors: context.errors },
    { asked: ['first', 'second'], levels: ['degraded device:second'], errors: [] },
  );
});

test('an output that starts later than the service is no failure, unless a viewer waits for it', async () => {
  const { clock, context, there, levels, output, prove } = setUp();
  there.clear();
  const watch = async () => {
    const watching = output.watch();
    await clock.advance(50);
    await watching;
  };
  await watch();
  assert.deepEqual({ levels, errors: context.errors }, { levels: ['off waiting:first'], errors: [] });
  await clock.advance(3000);
  await watch();
  assert.deepEqual(
    context.errors.map(({ code, subject }) => `${code} ${subject}`),
    ['AUDIO_OUTPUT_LOST first'],
  );
  await prove();
  assert.equal(context.errors.length, 1);
});

test('no approved output at all says which setting to fill', async () => {
  const { context, output, prove } = setUp();
  output.replaceSinks([]);
  assert.equal((await prove()).state, 'gone');
  assert.equal(context.errors[0]?.code, 'AUDIO_NO_DEVICE');
  assert.match(context.errors[0]?.message ?? '', /audio\.outputs names no output/);
});
