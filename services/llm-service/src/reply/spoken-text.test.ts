import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createSpokenText } from './spoken-text.ts';

const speak = (...chunks: readonly string[]): string => {
  const spoken = createSpokenText();
  return chunks.map(spoken.push).join('') + spoken.end();
};

describe('createSpokenText', () => {
  it('leaves out silent thoughts, however the stream is cut', () => {
    const whole = '\n<think>The viewer greets <b>me</b>.</think>Hello!';
    for (let at = 0; at <= whole.length; at += 1) assert.equal(speak(whole.slice(0, at), whole.slice(at)), 'Hello!');
    assert.equal(speak(...whole), 'Hello!');
  });

  it('says nothing of a thought that never ends', () => assert.equal(speak('<think>Hm', ', and then'), ''));
  it('keeps what only looks like the beginning of a thought', () => {
    assert.equal(speak('<th'), '<th');
    assert.equal(speak('<thing> is a tag'), '<thing> is a tag');
    assert.equal(speak('I <think> so'), 'I <think> so');
  });
  it('takes away marks and what cannot be seen, and keeps lines and joined emoji', () => {
    assert.equal(speak('**Hi**\u0007 \u202Ethere`\n👩\u200D🚀'), 'Hi there\n👩\u200D🚀');
  });
  it('does not depend on how the stream was cut', () => {
    const piece = fc.constantFrom('<think>', '</think>', '<', 'a', ' ', '*', '\n', 'x>');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) =>
        assert.equal(speak(...pieces), speak(pieces.join(''))),
      ),
      { numRuns: 1000 },
    );
  });
});
