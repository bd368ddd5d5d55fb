import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodePcm16, encodeWav } from '../audio/wav.ts';
import { NoSpeechFormatError, readSpeech } from './read-speech.ts';

const samples = Float32Array.from({ length: 500 }, (_, index) => Math.round(Math.sin(index / 9) * 16_384) / 32_768);

async function* inPieces(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function read(bytes: Buffer, sizes: readonly number[] = [bytes.length]) {
  const speech = await readSpeech(inPieces(bytes, sizes));
  if (speech === undefined) return undefined;
  const heard: number[] = [];
  for await (const piece of speech.pieces) heard.push(...piece);
  return { sampleRate: speech.sampleRate, heard };
}

test('pcm and WAV are read as they come, however the network cuts them', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(sizes, async (cuts) => {
      assert.deepEqual(await read(encodePcm16(samples), cuts), { sampleRate: 24_000, heard: [...samples] });
      const wav = encodeWav({ sampleRate: 22_050, samples });
      assert.deepEqual(await read(wav, cuts), { sampleRate: 22_050, heard: [...samples] });
    }),
    { numRuns: 30 },
  );
});

test('two channels become one', async () => {
  const wav = encodeWav({ sampleRate: 44_100, samples: Float32Array.of(0.5, -0.5, 0.25, 0.75) });
  wav.writeUInt16LE(2, 22);
  assert.deepEqual(await read(wav), { sampleRate: 44_100, heard: [0, 0.5] });
});

test('nothing is told apart from what is no sound, each with its reason', async () => {
  assert.equal(await read(Buffer.alloc(0), [1]), undefined);
  const wav = encodeWav({ sampleRate: 22_050, samples });
  const eightBit = Buffer.from(wav);
  eightBit.writeUInt16LE(8, 34);
  for (const [bytes, reason] of [
    [Buffer.from('ID3\u0004 and so on'), 'sent a compressed format; it must be able to send pcm or wav'],
    [wav.subarray(0, 30), 'sent the beginning of a WAV file and no sound'],
    [eightBit, 'sent a WAV file of 8 bit, 1 channels, 22050 Hz, encoding 1; 16 bit PCM is needed'],
  ] as const) {
    await assert.rejects(read(bytes), { name: NoSpeechFormatError.name, message: reason });
  }
});

test('whatever comes is read or refused, never worse', async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.uint8Array({ maxLength: 200 }).map((rest) => Buffer.concat([Buffer.from('RIFF....WAVEfmt '), rest])),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (body) => {
      await read(Buffer.from(body), [7]).catch((error: unknown) => assert.ok(error instanceof NoSpeechFormatError));
    }),
    { numRuns: 200 },
  );
});
