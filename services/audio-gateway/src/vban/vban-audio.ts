import { SAMPLE_FORMATS, type SampleFormat } from './sample-formats.ts';
import {
  HEADER_BYTES,
  MAX_PACKET_BYTES,
  MAX_SAMPLES_PER_PACKET,
  SAMPLE_RATES,
  SUB_PROTOCOL,
  type VbanHeader,
  writeHeader,
} from './vban-header.ts';

export interface VbanAudio {
  readonly type: 'audio';
  readonly stream: string;
  readonly counter: number;
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  readonly samplesPerChannel: number;
  readonly format: SampleFormat;
  /** Interleaved; a view of the datagram, to be read before the next one. */
  readonly payload: Buffer;
}

export type AudioRejection =
  | 'unknown_rate'
  | 'reserved_bit'
  | 'unsupported_codec'
  | 'unsupported_format'
  | 'size_mismatch';

export function readAudio({ parameters, stream, counter }: VbanHeader, payload: Buffer): VbanAudio | AudioRejection {
  const [byte4, byte5, byte6, byte7] = parameters;
  const sampleRate = SAMPLE_RATES[byte4 & 0x1f];
  if (sampleRate === undefined) return 'unknown_rate';
  if ((byte7 & 0x08) !== 0) return 'reserved_bit';
  if ((byte7 & 0xf0) !== 0) return 'unsupported_codec';
  const format = SAMPLE_FORMATS[byte7 & 0x07];
  if (format === undefined) return 'unsupported_format';
  const samplesPerChannel = byte5 + 1;
  const channels = byte6 + 1;
  if (payload.length !== samplesPerChannel * channels * format.bytes) return 'size_mismatch';
  return { type: 'audio', stream, counter, sampleRate, channels, samplesPerChannel, format, payload };
}

/** The packet's sound, its channels averaged. */
export function readMono({ channels, samplesPerChannel, format, payload }: VbanAudio): Float32Array {
  const mono = new Float32Array(samplesPerChannel);
  for (let sample = 0; sample < samplesPerChannel; sample += 1) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1) {
      sum += format.read(payload, (sample * channels + channel) * format.bytes);
    }
    mono[sample] = sum / channels;
  }
  return mono;
}

interface AudioToSend {
  readonly stream: string;
  readonly counter: number;
  readonly sampleRate: (typeof SAMPLE_RATES)[number];
  readonly channels: number;
  readonly format: SampleFormat;
  /** Interleaved, -1 to 1. */
  readonly samples: Float32Array;
}

/** @throws RangeError when it does not fit into one packet */
export function encodeAudio({ stream, counter, sampleRate, channels, format, samples }: AudioToSend): Buffer {
  const samplesPerChannel = samples.length / channels;
  const bytes = HEADER_BYTES + samples.length * format.bytes;
  if (!Number.isInteger(samplesPerChannel) || samplesPerChannel < 1 || samplesPerChannel > MAX_SAMPLES_PER_PACKET) {
    throw new RangeError(`${samples.length} samples of ${channels} channels: 1 to 256 whole samples fit a VBAN packet`);
  }
  if (channels > 256 || bytes > MAX_PACKET_BYTES) {
    throw new RangeError(`${bytes} bytes, ${channels} channels: a VBAN packet holds 1464 bytes and 256 channels`);
  }
  const packet = Buffer.alloc(bytes);
  const formatIndex = SAMPLE_FORMATS.indexOf(format);
  const parameters = [
    SUB_PROTOCOL.audio | SAMPLE_RATES.indexOf(sampleRate),
    samplesPerChannel - 1,
    channels - 1,
    formatIndex,
  ] as const;
  writeHeader(packet, { parameters, stream, counter });
  // Not by `entries()`: 48,000 pairs a second of speech are garbage.
  for (let index = 0; index < samples.length; index += 1) {
    format.write(packet, samples[index] ?? 0, HEADER_BYTES + index * format.bytes);
  }
  return packet;
}
