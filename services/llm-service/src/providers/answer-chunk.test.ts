import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isOfOllama, readAnswerChunk, readUsage } from './answer-chunk.ts';

const chunk = (delta: object, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta, finish_reason }],
});

describe('readAnswerChunk', () => {
  it('reads what servers send', () => {
    assert.deepEqual(readAnswerChunk(chunk({ role: 'assistant', content: '', refusal: null })), {
      type: 'delta',
      text: '',
    });
    assert.deepEqual(readAnswerChunk(chunk({ content: 'Hi' })), { type: 'delta', text: 'Hi' });
    assert.deepEqual(readAnswerChunk(chunk({}, 'stop')), { type: 'delta', text: '', finish: 'stop' });
    assert.deepEqual(readAnswerChunk(chunk({ content: 'x' }, 'length')), {
      type: 'delta',
      text: 'x',
      finish: 'length',
    });
    assert.deepEqual(readAnswerChunk({ choices: [], usage: { total_tokens: 3 } }), { type: 'delta', text: '' });
    assert.deepEqual(readAnswerChunk(chunk({}, 'content_filter')), { type: 'filtered' });
    assert.deepEqual(readAnswerChunk(chunk({}, 'content_filter: SAFETY')), { type: 'filtered' });
    assert.deepEqual(readAnswerChunk(chunk({ refusal: 'I cannot' })), { type: 'refusal' });
  });

  it("knows Ollama's", () => {
    assert.ok(isOfOllama({ ...chunk({ content: 'Hi' }), system_fingerprint: 'fp_ollama' }));
    for (const other of ['fp_44709d6fcb', 'b11669-Debian', null, undefined])
      assert.ok(!isOfOllama({ ...chunk({}), system_fingerprint: other }));
  });

  it('says where a chunk is none', () => {
    assert.deepEqual(readAnswerChunk(chunk({ content: 7 })).type, 'malformed');
    assert.deepEqual(readAnswerChunk(null).type, 'malformed');
  });

  it('reads what the server counted, where it did', () => {
    const usage = { prompt_tokens: 89, completion_tokens: 3, total_tokens: 92 };
    assert.deepEqual(readUsage({ choices: [], usage }), { input: 89, output: 3 });
    for (const none of [null, {}, { usage: null }, { usage: { prompt_tokens: -1, completion_tokens: 'x' } }])
      assert.equal(readUsage(none), undefined);
  });

  it('takes anything without throwing', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.record({ choices: fc.anything() }), fc.record({ choices: fc.array(fc.anything()) })),
        (value) => {
          assert.ok(['malformed', 'refusal', 'filtered', 'delta'].includes(readAnswerChunk(value).type));
        },
      ),
      { numRuns: 1000 },
    );
  });
});
