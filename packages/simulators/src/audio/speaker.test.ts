import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modulate } from '../speech-signal/speech-signal.ts';
import { createSpeaker } from './speaker.ts';

const RATE = 48_000;
const PACKET = 256;
const TEXT = 'One sentence, whole';

/** A speaker that has taken the first half of a sentence. */
function setUp() {
  let now = 1000;
  const config = { id: 'out', stream: 'Out', port: 0 };
  const speaker = createSpeaker({ config, now: () => now, condition: () => 'working' });
  const spoken = modulate(TEXT, RATE);
  let counter = 0;
  const take = (untilShare: number) => {
    for (; counter * PACKET < spoken.length * untilShare; counter += 1) {
      const samples = spoken.subarray(counter * PACKET, (counter + 1) * PACKET);
      speaker.take({ stream: 'Out', sampleRate: RATE, channels: 1, counter, samples });
    }
  };
  take(0.5);
  return {
    take,
    texts: () => speaker.heard().map(({ text }) => text),
    tickAfter(ms: number) {
      now += ms;
      speaker.tick(now);
    },
  };
}

test('a sender that stops ends the utterance after a pause', () => {
  const { take, texts, tickAfter } = setUp();
  take(1);
  tickAfter(300);
  tickAfter(5);
  assert.deepEqual(texts(), []);
  tickAfter(5);
  assert.deepEqual(texts(), [TEXT]);
});

test('ROOT CAUSE: a stall of the simulators themselves cut a sentence in two, so that no text came of it', () => {
  const { take, texts, tickAfter } = setUp();
  tickAfter(2000);
  take(1);
  tickAfter(5);
  assert.deepEqual(texts(), []);
  tickAfter(301);
  tickAfter(5);
  assert.deepEqual(texts(), [TEXT]);
});
