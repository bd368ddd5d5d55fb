import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modulate } from '../speech-signal/speech-signal.ts';
import { createSpeechListener } from './speech-listener.ts';

const RATE = 16_000;
const seconds = (count: number): Int16Array => new Int16Array(count * RATE);

function listen(feed: (push: (samples: Int16Array) => void) => void, blockSize = 256) {
  const texts: string[] = [];
  const listener = createSpeechListener(RATE, (text) => texts.push(text));
  feed((samples) => {
    for (let start = 0; start < samples.length; start += blockSize)
      listener.push(samples.subarray(start, start + blockSize));
  });
  return { texts, listener };
}

test('utterances in a stream with pauses are heard one by one, in any block size', () => {
  for (const blockSize of [31, 256, 4000]) {
    const { texts, listener } = listen((push) => {
      for (const text of ['First sentence.', 'Second one.']) {
        push(seconds(1));
        push(modulate(text, RATE));
      }
      push(seconds(1));
    }, blockSize);
    assert.deepEqual(texts, ['First sentence.', 'Second one.']);
    assert.equal(listener.speaking(), false);
  }
});

test('sentences without a pause between them are heard too, at the end of the sound', () => {
  const { texts } = listen((push) => {
    push(modulate('One.', RATE));
    push(modulate('Two.', RATE));
    push(seconds(1));
  });
  assert.deepEqual(texts, ['One.', 'Two.']);
});

test('a stream that just stops is heard when it is flushed, not before', () => {
  const unflushed = listen((push) => push(modulate('Cut off after this', RATE)));
  assert.deepEqual(unflushed.texts, []);
  unflushed.listener.flush();
  assert.deepEqual(unflushed.texts, ['Cut off after this']);
});

test('it knows when a voice sounds and for how long', () => {
  const { texts, listener } = listen((push) => {
    push(seconds(2));
    push(modulate('Hello', RATE));
  });
  assert.deepEqual({ texts, speaking: listener.speaking() }, { texts: [], speaking: true });
  assert.equal(listener.voicedMs(), 640);
});

test('loud noise is a sound without a text', () => {
  let state = 1;
  const noise = Int16Array.from({ length: RATE }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 17) - 16_384;
  });
  const { texts, listener } = listen((push) => {
    push(noise);
    push(seconds(1));
  });
  assert.deepEqual({ texts, voicedMs: listener.voicedMs() }, { texts: [], voicedMs: 1000 });
});
