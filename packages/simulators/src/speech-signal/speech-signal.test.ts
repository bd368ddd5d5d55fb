import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { demodulate, demodulateAll, MAX_TEXT_BYTES, modulate } from './speech-signal.ts';

const SAMPLE_RATES = [16_000, 24_000, 48_000];
const sentences = fc.string({ unit: 'grapheme', maxLength: 24 });
const rates = fc.constantFrom(...SAMPLE_RATES);
const SENTENCE = 'Hello Mara, nice to see you here tonight';

test('any text survives at any sample rate', () => {
  fc.assert(
    fc.property(sentences, rates, (text, rate) => {
      assert.equal(demodulate(modulate(text, rate), rate), text);
    }),
    { numRuns: 40 },
  );
});

test('silence before and after, cut anywhere, changes nothing', () => {
  fc.assert(
    fc.property(sentences, rates, fc.nat(9000), fc.nat(9000), (text, rate, before, after) => {
      assert.equal(demodulate(join(new Int16Array(before), modulate(text, rate), new Int16Array(after)), rate), text);
    }),
    { numRuns: 30 },
  );
});

test('a gain between -20 and +20 dB, clipping included, changes nothing', () => {
  fc.assert(
    fc.property(sentences, rates, fc.integer({ min: -20, max: 20 }), (text, rate, decibels) => {
      assert.equal(demodulate(amplify(modulate(text, rate), decibels), rate), text);
    }),
    { numRuns: 30 },
  );
});

test('linear resampling between all rates, twice, changes nothing', () => {
  fc.assert(
    fc.property(sentences, rates, rates, rates, (text, first, second, third) => {
      const travelled = resample(resample(modulate(text, first), first, second), second, third);
      assert.equal(demodulate(travelled, third), text);
    }),
    { numRuns: 30 },
  );
});

test('noise 12 dB below the voice changes nothing', () => {
  fc.assert(
    fc.property(sentences, rates, fc.integer(), (text, rate, seed) => {
      assert.equal(demodulate(addNoise(modulate(text, rate), 2100, seed), rate), text);
    }),
    { numRuns: 30 },
  );
});

test('a recording that lost 10 ms in the middle of each second is still understood', () => {
  const rate = 16_000;
  const spoken = modulate(SENTENCE, rate);
  const lossy = spoken.filter((_, index) => index % rate < 8000 || index % rate >= 8160);
  assert.equal(spoken.length - lossy.length, 160 * 2);
  assert.equal(demodulate(lossy, rate), SENTENCE);
});

test('a clock that is 0.5 % off is followed over a long text', () => {
  const text = SENTENCE.repeat(4);
  assert.equal(demodulate(resample(modulate(text, 24_000), 24_000, 24_120), 24_000), text);
});

test('utterances one after another are all heard, with their places', () => {
  const rate = 24_000;
  const first = modulate('One.', rate);
  const second = modulate('Two.', rate);
  const heard = demodulateAll(join(new Int16Array(2400), first, second), rate);
  assert.deepEqual(
    heard.map(({ text }) => text),
    ['One.', 'Two.'],
  );
  const places = heard.flatMap(({ start, end }) => [start, end]);
  const expected = [2400, 2400 + first.length, 2400 + first.length, 2400 + first.length + second.length];
  for (const [index, place] of places.entries()) {
    assert.ok(
      Math.abs(place - (expected[index] ?? 0)) <= rate * 0.01,
      `place ${index} is ${place}, expected ${expected[index]}`,
    );
  }
});

test('a payload that contains the preamble does not confuse the search', () => {
  const nested = String.fromCharCode(0x0f, 0x30, 0x3c, 0x43, 0x69).repeat(3);
  assert.equal(demodulate(modulate(nested, 16_000), 16_000), nested);
});

test('noise, a steady tone, silence and a frame cut short hold no text', () => {
  const rate = 16_000;
  const tone = Int16Array.from({ length: rate }, (_, index) => 8000 * Math.sin((2 * Math.PI * 440 * index) / rate));
  const spoken = modulate(SENTENCE, rate);
  for (const samples of [
    addNoise(new Int16Array(3 * rate), 8000, 7),
    tone,
    new Int16Array(rate),
    new Int16Array(0),
    spoken.subarray(0, spoken.length - rate / 10),
    spoken.subarray(rate / 10),
  ]) {
    assert.equal(demodulate(samples, rate), undefined);
  }
});

test('one damaged letter is silence rather than a wrong text', () => {
  const rate = 16_000;
  const symbol = (rate * 40) / 1000;
  // The sound of "m" in place of the "M" of "Mara", at its place after preamble (5) and length (2).
  const from = (5 + 2 + SENTENCE.indexOf('Mara')) * symbol;
  const spoken = modulate(SENTENCE, rate);
  spoken.set(modulate(SENTENCE.replace('Mara', 'mara'), rate).subarray(from, from + symbol), from);
  assert.equal(demodulate(spoken, rate), undefined);
});

test('a sentence of 40 characters takes 1 to 3 s and never falls silent', () => {
  const rate = 16_000;
  const spoken = modulate(SENTENCE, rate);
  assert.equal(SENTENCE.length, 40);
  assert.equal(spoken.length / rate, 2.04);
  const block = rate / 100;
  for (let start = 0; start + block <= spoken.length; start += block) {
    assert.ok(rootMeanSquare(spoken.subarray(start, start + block)) > 1000, `quiet at ${start / rate} s`);
  }
});

test('what cannot be spoken is refused with the limit in the message', () => {
  assert.throws(() => modulate('x'.repeat(MAX_TEXT_BYTES + 1), 16_000), {
    name: 'RangeError',
    message: 'The text has 16384 bytes, at most 16383 can be spoken: split it.',
  });
  assert.throws(() => modulate('x', 6000), {
    name: 'RangeError',
    message: 'The sample rate is 6000 Hz, simulated speech needs at least 8000 Hz.',
  });
});

function join(...parts: Int16Array[]): Int16Array {
  const joined = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

const clip = (value: number): number => Math.max(-32_768, Math.min(32_767, Math.round(value)));

function amplify(samples: Int16Array, decibels: number): Int16Array {
  const factor = 10 ** (decibels / 20);
  return samples.map((sample) => clip(sample * factor));
}

function resample(samples: Int16Array, from: number, to: number): Int16Array {
  const length = Math.floor((samples.length * to) / from);
  return Int16Array.from({ length }, (_, index) => {
    const position = (index * from) / to;
    const left = Math.floor(position);
    const leftSample = samples[left] ?? 0;
    return clip(leftSample + ((samples[left + 1] ?? leftSample) - leftSample) * (position - left));
  });
}

/** Uniform noise of the given peak from a fixed seed (linear congruential generator of Numerical Recipes). */
function addNoise(samples: Int16Array, peak: number, seed: number): Int16Array {
  let state = seed >>> 0;
  return samples.map((sample) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return clip(sample + (state / 2 ** 31 - 1) * peak);
  });
}

function rootMeanSquare(samples: Int16Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}
