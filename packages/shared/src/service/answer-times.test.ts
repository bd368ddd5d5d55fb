import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createAnswerTimes } from './answer-times.ts';

function setUp() {
  const clock = createFakeClock();
  const observed: string[] = [];
  const times = createAnswerTimes(
    {
      observe(name, labels, value) {
        const source = 'source' in labels ? labels.source : '';
        observed.push(`${name} ${source} ${value}`);
      },
    },
    clock,
  );
  return { clock, observed, times };
}

test('a turn counts once, by its first sentence, from its input or the end of the speech', async () => {
  const { clock, observed, times } = setUp();
  times.begin('written');
  times.begin('spoken', clock.now() - 500);
  await clock.advance(1000);
  times.said('written', 'provider');
  times.said('spoken', 'cache');
  await clock.advance(1000);
  times.said('written', 'pattern');
  times.end('written');
  times.end('spoken');
  assert.deepEqual(observed, [
    'understudy_answer_duration_seconds provider 1',
    'understudy_answer_duration_seconds cache 1.5',
  ]);
});

test('without a sentence it counts as none, and a turn that began elsewhere not at all', async () => {
  const { clock, observed, times } = setUp();
  times.begin('unanswered');
  times.said('of another service', 'provider');
  times.end('of another service');
  await clock.advance(8000);
  times.end('unanswered');
  times.said('unanswered', 'provider');
  assert.deepEqual(observed, ['understudy_answer_duration_seconds none 8']);
});
