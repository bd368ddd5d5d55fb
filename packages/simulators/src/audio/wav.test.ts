import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeWav, encodePcm, encodeWav, WavFormatError } from './wav.ts';

const sampleArrays = fc.int16Array({ maxLength: 64 });

test('what is written is read, with open or closed sizes', () => {
  fc.assert(
    fc.property(sampleArrays, fc.constantFrom(8000, 24_000, 48_000), fc.boolean(), (samples, sampleRate, streamed) => {
      assert.deepEqual(decodeWav(encodeWav({ sampleRate, samples }, { streamed })), { sampleRate, samples });
    }),
  );
});

test('the header is the 44 bytes that every program writes', () => {
  const file = encodeWav({ sampleRate: 24_000, samples: Int16Array.of(1, -2) });
  assert.equal(
    file.toString('hex'),
    '52494646280000005741564566' + '6d7420100000000100010' + '0c05d000080bb0000020010006461746104000000' + '0100feff',
  );
});

test('two channels are averaged, unknown chunks are skipped', () => {
  const stereo = encodeWav({ sampleRate: 16_000, samples: Int16Array.of(100, 300, -50, -150) });
  stereo.writeUInt16LE(2, 22);
  const list = Buffer.from('LIST\x03\x00\x00\x00abc\x00', 'latin1');
  const file = Buffer.concat([stereo.subarray(0, 36), list, stereo.subarray(36)]);
  assert.deepEqual(decodeWav(file), { sampleRate: 16_000, samples: Int16Array.of(200, -100) });
});

test('what is no 16-bit PCM WAV is refused with the reason', () => {
  const wav = encodeWav({ sampleRate: 16_000, samples: new Int16Array(4) });
  const float = Buffer.from(wav);
  float.writeUInt16LE(3, 20);
  const rows: [Buffer, string][] = [
    [Buffer.alloc(0), 'The file does not start with a RIFF/WAVE header.'],
    [Buffer.from('ID3 and so on, an MP3'), 'The file does not start with a RIFF/WAVE header.'],
    [wav.subarray(0, 36), "The file has no 'data' chunk."],
    [Buffer.concat([wav.subarray(0, 12), wav.subarray(36)]), "The 'data' chunk comes before 'fmt '."],
    [float, 'Encoding 3 with 16 bits and 1 channels: only 16-bit PCM is read.'],
  ];
  for (const [file, message] of rows) {
    assert.throws(
      () => decodeWav(file),
      (error) => error instanceof WavFormatError && error.message === message,
    );
  }
});

test('no bytes whatsoever make it throw anything else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const file = Buffer.concat([Buffer.from('RIFF....WAVE'), bytes]);
      try {
        decodeWav(file);
      } catch (error) {
        assert.ok(error instanceof WavFormatError, String(error));
      }
    }),
  );
});

test('raw samples are little-endian', () => {
  assert.equal(encodePcm(Int16Array.of(1, -2)).toString('hex'), '0100feff');
});
