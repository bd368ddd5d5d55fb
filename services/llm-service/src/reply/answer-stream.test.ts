import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createAnswerStream } from './answer-stream.ts';

const read = (chunks: readonly string[], options: { alreadySaid?: readonly string[]; isCut?: boolean } = {}) => {
  const stream = createAnswerStream({ personaName: 'Mika', alreadySaid: options.alreadySaid ?? [] });
  const early = chunks.flatMap((chunk) => stream.push(chunk));
  return { early, late: stream.end(options.isCut ?? false) };
};

describe('createAnswerStream', () => {
  it('gives a sentence as soon as the next one begins', () => {
    assert.deepEqual(read(['Hello th', 'ere. How', ' are you?']), { early: ['Hello there.'], late: ['How are you?'] });
  });
  it('leaves out the name that models like to begin with', () => {
    assert.deepEqual(read(['Mika: Hi. I am Mika: really.']), { early: ['Hi.'], late: ['I am Mika: really.'] });
  });
  it('repeats nothing that the viewer has heard, whatever its spelling', () => {
    assert.deepEqual(read(['hello THERE! So, how are you?'], { alreadySaid: ['Hello there.'] }), {
      early: [],
      late: ['So, how are you?'],
    });
  });
  it('says what is whole where the model was cut, and trails off where nothing is', () => {
    assert.deepEqual(read(['I like it. But I would'], { isCut: true }), { early: ['I like it.'], late: [''] });
    assert.deepEqual(read(['But I would'], { isCut: true }), { early: [], late: ['But I would…'] });
    assert.deepEqual(read(['All said.'], { isCut: true }), { early: [], late: ['All said.'] });
  });
  it('ends an answer that does not end', () => {
    const stream = createAnswerStream({ personaName: 'Mika', alreadySaid: [] });
    let said = '';
    let chunks = 0;
    for (; !stream.isFull(); chunks += 1) said += stream.push('word '.repeat(20)).join(' ');
    const all = said + stream.end(true).join(' ');
    assert.equal(chunks, 40);
    assert.ok(all.length <= 4001);
  });
  it('has nothing to say of blanks', () => assert.deepEqual(read([' ', '\n', '**']), { early: [], late: [] }));
  it('gives well-formed text though the stream had half a character', () => {
    assert.deepEqual(read(['Hi \uD83D there.']), { early: [], late: ['Hi \uFFFD there.'] });
  });
});
