// RIFF/WAVE: what is uploaded for transcription (16 bit mono), and what is read from and written to folders.

export interface WavAudio {
  /** Hz. */
  readonly sampleRate: number;
  /** One channel, -1 to 1. */
  readonly samples: Float32Array;
}

export type ParsedWav =
  | { readonly ok: true; readonly audio: WavAudio }
  | { readonly ok: false; readonly reason: string };

const HEADER_BYTES = 44;
const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;
const MIN_RATE_HZ = 6000;
const MAX_RATE_HZ = 705_600;

/** 16 bit little-endian, clipped. */
export function encodePcm16(samples: Float32Array): Buffer {
  const bytes = Buffer.alloc(samples.length * 2);
  for (let index = 0; index < samples.length; index += 1) {
    const value = Math.round((samples[index] ?? 0) * 32_768);
    bytes.writeInt16LE(Math.max(-32_768, Math.min(32_767, value)) || 0, index * 2);
  }
  return bytes;
}

/** @param bytes 16 bit little-endian; an odd byte at the end is left out */
export function decodePcm16(bytes: Buffer): Float32Array {
  const samples = new Float32Array(Math.floor(bytes.length / 2));
  for (let index = 0; index < samples.length; index += 1) samples[index] = bytes.readInt16LE(index * 2) / 32_768;
  return samples;
}

export function encodeWav({ sampleRate, samples }: WavAudio): Buffer {
  const data = encodePcm16(samples);
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(HEADER_BYTES - 8 + data.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(PCM, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}

interface WavFormat {
  readonly encoding: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly bits: number;
}

/** Reads PCM of 8, 16, 24 and 32 bit and 32 bit floats, of any number of channels (averaged); anything else is refused with its reason. */
export function parseWav(file: Buffer): ParsedWav {
  if (file.length < 12 || file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') {
    return { ok: false, reason: 'not_riff_wave' };
  }
  let format: WavFormat | undefined;
  for (const { id, body } of chunksOf(file)) {
    if (id === 'fmt ') format = readFormat(body);
    if (id === 'data') return format === undefined ? { ok: false, reason: 'no_format' } : readData(format, body);
  }
  return { ok: false, reason: format === undefined ? 'no_format' : 'no_data' };
}

function* chunksOf(file: Buffer): Generator<{ id: string; body: Buffer }> {
  let offset = 12;
  while (offset + 8 <= file.length) {
    // A streamed file has 0xFFFFFFFF here: until the end.
    const size = file.readUInt32LE(offset + 4);
    const start = offset + 8;
    yield { id: file.toString('latin1', offset, offset + 4), body: file.subarray(start, start + size) };
    offset = start + size + (size % 2);
  }
}

function readFormat(body: Buffer): WavFormat | undefined {
  if (body.length < 16) return undefined;
  const declared = body.readUInt16LE(0);
  const encoding = declared === EXTENSIBLE && body.length >= 26 ? body.readUInt16LE(24) : declared;
  return {
    encoding,
    channels: body.readUInt16LE(2),
    sampleRate: body.readUInt32LE(4),
    bits: body.readUInt16LE(14),
  };
}

type ReadSample = (body: Buffer, offset: number) => number;
const READERS: Readonly<Record<string, ReadSample>> = {
  [`${PCM}/8`]: (body, offset) => (body.readUInt8(offset) - 128) / 128,
  [`${PCM}/16`]: (body, offset) => body.readInt16LE(offset) / 2 ** 15,
  [`${PCM}/24`]: (body, offset) => body.readIntLE(offset, 3) / 2 ** 23,
  [`${PCM}/32`]: (body, offset) => body.readInt32LE(offset) / 2 ** 31,
  [`${FLOAT}/32`]: (body, offset) => Math.max(-1, Math.min(1, body.readFloatLE(offset))) || 0,
};

function readData({ encoding, channels, sampleRate, bits }: WavFormat, body: Buffer): ParsedWav {
  const read = READERS[`${encoding}/${bits}`];
  if (read === undefined) return { ok: false, reason: 'unsupported_encoding' };
  if (channels < 1 || channels > 64) return { ok: false, reason: 'unsupported_channels' };
  if (sampleRate < MIN_RATE_HZ || sampleRate > MAX_RATE_HZ) return { ok: false, reason: 'unsupported_rate' };
  const width = bits / 8;
  const samples = Float32Array.from({ length: Math.floor(body.length / width / channels) }, (_, frame) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1) sum += read(body, (frame * channels + channel) * width);
    return sum / channels;
  });
  return { ok: true, audio: { sampleRate, samples } };
}
