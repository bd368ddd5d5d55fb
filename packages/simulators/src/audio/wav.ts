// WAV (RIFF, PCM 16 bit): what the bot uploads for transcription and what the speech endpoint returns.

export class WavFormatError extends Error {
  override readonly name = 'WavFormatError';
  readonly code = 'SIMULATOR_WAV_FORMAT';
}

export interface WavAudio {
  /** Hz. */
  readonly sampleRate: number;
  /** One channel; several are averaged. */
  readonly samples: Int16Array;
}

const PCM = 1;
const EXTENSIBLE = 0xfffe;
const HEADER_BYTES = 44;
/** The size in a header that was written before the length was known: "until the end". */
const UNKNOWN_SIZE = 0xffffffff;

/** A 16-bit mono WAV file. `streamed` leaves the sizes open (0xFFFFFFFF), as OpenAI's speech endpoint does. */
export function encodeWav({ sampleRate, samples }: WavAudio, { streamed = false } = {}): Buffer {
  const dataBytes = samples.length * 2;
  const file = Buffer.alloc(HEADER_BYTES + dataBytes);
  file.write('RIFF', 0, 'ascii');
  file.writeUInt32LE(streamed ? UNKNOWN_SIZE : HEADER_BYTES - 8 + dataBytes, 4);
  file.write('WAVEfmt ', 8, 'ascii');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(PCM, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'ascii');
  file.writeUInt32LE(streamed ? UNKNOWN_SIZE : dataBytes, 40);
  encodePcm(samples).copy(file, HEADER_BYTES);
  return file;
}

/** Raw 16-bit little-endian samples. */
export function encodePcm(samples: Int16Array): Buffer {
  const bytes = Buffer.alloc(samples.length * 2);
  for (const [index, sample] of samples.entries()) bytes.writeInt16LE(sample, index * 2);
  return bytes;
}

/** @throws WavFormatError when it is not 16-bit PCM WAV. */
export function decodeWav(file: Buffer): WavAudio {
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') {
    throw new WavFormatError('The file does not start with a RIFF/WAVE header.');
  }
  let format: { channels: number; sampleRate: number } | undefined;
  for (const { id, body } of chunks(file)) {
    if (id === 'fmt ') format = readFormat(body);
    if (id === 'data') {
      if (!format) throw new WavFormatError("The 'data' chunk comes before 'fmt '.");
      return { sampleRate: format.sampleRate, samples: readSamples(body, format.channels) };
    }
  }
  throw new WavFormatError("The file has no 'data' chunk.");
}

function* chunks(file: Buffer): Generator<{ id: string; body: Buffer }> {
  let offset = 12;
  while (offset + 8 <= file.length) {
    const size = file.readUInt32LE(offset + 4);
    const start = offset + 8;
    yield { id: file.toString('latin1', offset, offset + 4), body: file.subarray(start, start + size) };
    offset = start + size + (size % 2);
  }
}

function readFormat(body: Buffer): { channels: number; sampleRate: number } {
  if (body.length < 16) throw new WavFormatError(`The 'fmt ' chunk has ${body.length} bytes, at least 16 are needed.`);
  const encoding = body.readUInt16LE(0);
  const bits = body.readUInt16LE(14);
  const channels = body.readUInt16LE(2);
  if ((encoding !== PCM && encoding !== EXTENSIBLE) || bits !== 16 || channels < 1) {
    throw new WavFormatError(
      `Encoding ${encoding} with ${bits} bits and ${channels} channels: only 16-bit PCM is read.`,
    );
  }
  return { channels, sampleRate: body.readUInt32LE(4) };
}

function readSamples(body: Buffer, channels: number): Int16Array {
  return Int16Array.from({ length: Math.floor(body.length / 2 / channels) }, (_, frame) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1) sum += body.readInt16LE((frame * channels + channel) * 2);
    return Math.round(sum / channels);
  });
}
