import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { abandon, dequeue, EMPTY_QUEUE, enqueue, type Sentence, type SpeechQueue } from './speech-queue.ts';

const sentence = (turnId: string, seq: number, deadline = 1000): Sentence => ({
  turnId,
  seq,
  text: `${turnId}${seq}`,
  deadline,
});

/** Plays `A0` (a sentence comes) and `-` (the next one is spoken) and tells what happened. */
function play(script: string, capacity = 8): string[] {
  let queue: SpeechQueue = EMPTY_QUEUE;
  return script.split(' ').flatMap((step) => {
    if (step !== '-') {
      const added = enqueue(queue, sentence(step[0] ?? '', Number(step[1])), capacity);
      queue = added.queue;
      return added.dropped.map(({ sentence: gone, reason }) => `${gone.text} ${reason}`);
    }
    const next = dequeue(queue, 500);
    queue = next.queue;
    return next.sentence ? [next.sentence.text] : ['nothing'];
  });
}

test('the sentences of a turn are spoken in order, however they come', () => {
  assert.deepEqual(play('A0 A2 A1 - - - -'), ['A0', 'A1', 'A2', 'nothing']);
});

test('the newest turn wins, and what still comes of the old one is not spoken', () => {
  assert.deepEqual(play('A0 - A1 A2 B0 A3 - -'), ['A0', 'A1 too_old', 'A2 too_old', 'A3 too_old', 'B0', 'nothing']);
});

test('a repeated sentence is spoken once', () => {
  assert.deepEqual(play('A0 - A0 A1 A1 - -'), ['A0', 'A0 repeated', 'A1 repeated', 'A1', 'nothing']);
});

test('more than the queue holds is dropped', () => {
  assert.deepEqual(play('A0 A1 A2 - - -', 2), ['A2 full', 'A0', 'A1', 'nothing']);
});

test('a turn whose time is over is not begun, and one that was begun is finished', () => {
  const late = enqueue(EMPTY_QUEUE, sentence('A', 0), 8).queue;
  const gone = dequeue(late, 1001);
  assert.equal(gone.sentence, undefined);
  assert.deepEqual(gone.dropped, [{ sentence: sentence('A', 0), reason: 'too_old' }]);

  const begun = dequeue(late, 999).queue;
  const rest = dequeue(enqueue(begun, sentence('A', 1), 8).queue, 60_000);
  assert.deepEqual(rest.sentence, sentence('A', 1));
});

test('an abandoned turn is over: what waits and what still comes of it is not spoken, a newer turn is', () => {
  const begun = dequeue(enqueue(EMPTY_QUEUE, sentence('A', 0), 8).queue, 0).queue;
  const left = abandon(enqueue(begun, sentence('A', 1), 8).queue);
  assert.deepEqual(left.dropped, [{ sentence: sentence('A', 1), reason: 'interrupted' }]);
  const late = enqueue(left.queue, sentence('A', 2), 8);
  assert.deepEqual(late.dropped, [{ sentence: sentence('A', 2), reason: 'interrupted' }]);
  assert.deepEqual(dequeue(enqueue(late.queue, sentence('B', 0), 8).queue, 0).sentence, sentence('B', 0));
  assert.deepEqual(abandon(EMPTY_QUEUE), { queue: EMPTY_QUEUE, dropped: [] });
});

test('whatever comes: nothing is spoken twice, no old turn after a newer one, each sentence has one fate', () => {
  const steps = fc.array(
    fc.oneof(
      fc.constant('-'),
      fc.tuple(fc.constantFrom('A', 'B', 'C'), fc.integer({ min: 0, max: 9 })).map(([t, s]) => `${t}${s}`),
    ),
    { minLength: 1, maxLength: 80 },
  );
  fc.assert(
    fc.property(steps, (script) => {
      const told = play(script.join(' '), 3).filter((line) => line !== 'nothing');
      const spoken = told.filter((line) => !line.includes(' '));
      assert.equal(new Set(spoken).size, spoken.length);
      assert.ok(told.length <= script.filter((step) => step !== '-').length);
      const turns = spoken.map((line) => line[0]);
      const changes = turns.filter((turn, index) => turn !== turns[index - 1]);
      assert.equal(new Set(changes).size, changes.length, 'a turn that was left does not come back');
    }),
  );
});
