import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodePcm16, encodePcm16, encodeWav, parseWav } from './wav.ts';

const samples = fc.int16Array({ maxLength: 400 }).map((values) => Float32Array.from(values, (value) => value / 32_768));
const rates = fc.constantFrom(8000, 16_000, 44_100, 48_000);

test('what is written is read', () => {
  fc.assert(
    fc.property(samples, rates, (sound, sampleRate) => {
      assert.deepEqual(parseWav(encodeWav({ sampleRate, samples: sound })), {
        ok: true,
        audio: { sampleRate, samples: sound },
      });
      assert.deepEqual(decodePcm16(encodePcm16(sound)), sound);
    }),
  );
});

/** A file by hand: the format's fields and the data. */
function wav(fields: { encoding?: number; channels?: number; rate?: number; bits?: number }, data: Buffer): Buffer {
  const { encoding = 1, channels = 1, rate = 16_000, bits = 16 } = fields;
  const file = encodeWav({ sampleRate: rate, samples: new Float32Array(0) });
  file.writeUInt16LE(encoding, 20);
  file.writeUInt16LE(channels, 22);
  file.writeUInt16LE(bits, 34);
  file.writeUInt32LE(0xffffffff, 40);
  return Buffer.concat([file, data]);
}

test('other depths, floats, several channels and open sizes are read', () => {
  const read = (file: Buffer) => {
    const parsed = parseWav(file);
    return parsed.ok ? [...parsed.audio.samples] : parsed.reason;
  };
  const float = Buffer.alloc(8);
  float.writeFloatLE(0.5, 0);
  float.writeFloatLE(Number.NaN, 4);
  assert.deepEqual(read(wav({ bits: 8 }, Buffer.from([0, 128, 192]))), [-1, 0, 0.5]);
  assert.deepEqual(read(wav({ bits: 24 }, Buffer.from([0, 0, 0x40]))), [0.5]);
  assert.deepEqual(read(wav({ bits: 32 }, Buffer.from([0, 0, 0, 0xc0]))), [-0.5]);
  assert.deepEqual(read(wav({ bits: 32, encoding: 3 }, float)), [0.5, 0]);
  assert.deepEqual(read(wav({ channels: 2 }, encodePcm16(Float32Array.from([0.5, 0, -0.5, -0.25])))), [0.25, -0.375]);
});

for (const [what, file, reason] of [
  ['another file', Buffer.from('ID3 this is an mp3 file, as it were'), 'not_riff_wave'],
  ['an empty file', Buffer.alloc(0), 'not_riff_wave'],
  ['a file without chunks', wav({}, Buffer.alloc(0)).subarray(0, 12), 'no_format'],
  ['a file cut before its data', wav({}, Buffer.alloc(0)).subarray(0, 36), 'no_data'],
  ['mu-law', wav({ encoding: 7, bits: 8 }, Buffer.alloc(8)), 'unsupported_encoding'],
  ['no channels', wav({ channels: 0 }, Buffer.alloc(8)), 'unsupported_channels'],
  ['a rate of 1 Hz', wav({ rate: 1 }, Buffer.alloc(8)), 'unsupported_rate'],
] as const) {
  test(`${what} is refused as ${reason}`, () => {
    assert.deepEqual(parseWav(file), { ok: false, reason });
  });
}

test('no byte sequence and no mutation throws', () => {
  const valid = wav({}, Buffer.alloc(64));
  const mutated = fc.array(fc.tuple(fc.nat(107), fc.nat(255)), { maxLength: 6 }).map((changes) => {
    const copy = Buffer.from(valid);
    for (const [offset, value] of changes) copy[offset % copy.length] = value;
    return copy;
  });
  fc.assert(
    fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 200 }).map(Buffer.from)), (bytes) => {
      const parsed = parseWav(bytes);
      if (parsed.ok) assert.ok(parsed.audio.samples.every(Number.isFinite));
    }),
    { numRuns: 3000 },
  );
});
