import { decodePcm16 } from '../audio/wav.ts';

/** Sound as it arrives. */
export interface SpokenStream {
  /** Hz. */
  readonly sampleRate: number;
  readonly pieces: AsyncGenerator<Float32Array, undefined>;
}

/** The body is no sound that can be played; the message says what it is. */
export class NoSpeechFormatError extends Error {
  override readonly name = 'NoSpeechFormatError';
  readonly code = 'NO_SPEECH_FORMAT';
}

/** `pcm` of the OpenAI API: 24 kHz, 16 bit, mono. */
const PCM_RATE_HZ = 24_000;
/** A header with a few chunks of notes before its sound; longer is none. */
const MAX_HEADER_BYTES = 4096;
const PCM = 1;
const EXTENSIBLE = 0xfffe;

interface Layout {
  readonly sampleRate: number;
  readonly channels: number;
  /** Where the sound begins. */
  readonly start: number;
}

/** What a server sends instead of `pcm`: local ones often WAV, whatever they were asked for. @throws NoSpeechFormatError */
export async function readSpeech(body: AsyncIterable<Uint8Array>): Promise<SpokenStream | undefined> {
  const bytes = body[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  let layout: Layout | 'more' = 'more';
  while (layout === 'more') {
    const next = await bytes.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
    layout = layoutOf(head);
  }
  if (head.length === 0) return undefined;
  if (layout === 'more') {
    // Less than the four bytes that tell: as much as there is.
    if (head.length >= 4) throw new NoSpeechFormatError('sent the beginning of a WAV file and no sound');
    layout = { sampleRate: PCM_RATE_HZ, channels: 1, start: 0 };
  }
  const pieces = samplesOf(head.subarray(layout.start), bytes, layout.channels);
  return { sampleRate: layout.sampleRate, pieces };
}

function layoutOf(head: Buffer): Layout | 'more' {
  if (head.length < 4) return 'more';
  const magic = head.toString('latin1', 0, 4);
  if (magic === 'OggS' || magic === 'fLaC' || magic.startsWith('ID3')) {
    throw new NoSpeechFormatError('sent a compressed format; it must be able to send pcm or wav');
  }
  return magic === 'RIFF' ? wavLayout(head) : { sampleRate: PCM_RATE_HZ, channels: 1, start: 0 };
}

/** Chunks up to `data`; the lengths of a streamed file's last one are not to be relied on. */
function wavLayout(head: Buffer): Layout | 'more' {
  let format: Omit<Layout, 'start'> | undefined;
  for (let at = 12; at + 8 <= head.length; ) {
    const name = head.toString('latin1', at, at + 4);
    const length = head.readUInt32LE(at + 4);
    if (name === 'data') {
      if (format === undefined) throw new NoSpeechFormatError('sent a WAV file without a format');
      return { ...format, start: at + 8 };
    }
    if (name === 'fmt ') {
      if (at + 24 > head.length) break;
      format = wavFormat(head, at + 8);
    }
    at += 8 + length + (length % 2);
  }
  if (head.length > MAX_HEADER_BYTES) throw new NoSpeechFormatError('sent a WAV file without sound at its beginning');
  return 'more';
}

function wavFormat(head: Buffer, at: number): Omit<Layout, 'start'> {
  const [encoding, channels] = [head.readUInt16LE(at), head.readUInt16LE(at + 2)];
  const [sampleRate, bits] = [head.readUInt32LE(at + 4), head.readUInt16LE(at + 14)];
  const isPlayable = (encoding === PCM || encoding === EXTENSIBLE) && bits === 16 && channels >= 1 && channels <= 8;
  if (isPlayable && sampleRate >= 8000 && sampleRate <= 192_000) return { sampleRate, channels };
  throw new NoSpeechFormatError(
    `sent a WAV file of ${bits} bit, ${channels} channels, ${sampleRate} Hz, encoding ${encoding}; 16 bit PCM is needed`,
  );
}

/** Whole samples from pieces of bytes that may end in the middle of one; channels are averaged. */
async function* samplesOf(
  first: Buffer,
  bytes: AsyncIterator<Uint8Array>,
  channels: number,
): AsyncGenerator<Float32Array, undefined> {
  const frameBytes = 2 * channels;
  let rest = first;
  for (;;) {
    const whole = rest.length - (rest.length % frameBytes);
    if (whole > 0) yield averaged(decodePcm16(rest.subarray(0, whole)), channels);
    const next = await bytes.next();
    if (next.done) return;
    rest = Buffer.concat([rest.subarray(whole), next.value]);
  }
}

const averaged = (samples: Float32Array, channels: number): Float32Array =>
  channels === 1
    ? samples
    : Float32Array.from({ length: samples.length / channels }, (_, frame) => {
        let sum = 0;
        for (let channel = 0; channel < channels; channel += 1) sum += samples[frame * channels + channel] ?? 0;
        return sum / channels;
      });
