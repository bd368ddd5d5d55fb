import {
  FORMAT_S16,
  HEADER_BYTES,
  MAX_PACKET_BYTES,
  MAX_SAMPLES_PER_PACKET,
  SAMPLE_RATES,
  SUB_PROTOCOL,
  writeHeader,
} from './vban-header.ts';

export interface VbanAudio {
  readonly stream: string;
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  /** +1 a packet, wraps at 2^32. */
  readonly counter: number;
  /** Interleaved. */
  readonly samples: Int16Array;
}

/** One 16-bit PCM packet. @throws RangeError when the rate is not VBAN's, or the samples do not fit into one packet. */
export function encodeAudio({ stream, sampleRate, channels, counter, samples }: VbanAudio): Buffer {
  const rateIndex = SAMPLE_RATES.indexOf(sampleRate);
  if (rateIndex < 0) throw new RangeError(`VBAN has no sample rate of ${sampleRate} Hz.`);
  const frames = samples.length / channels;
  const bytes = HEADER_BYTES + samples.length * 2;
  if (!Number.isInteger(frames) || frames < 1 || frames > MAX_SAMPLES_PER_PACKET || bytes > MAX_PACKET_BYTES) {
    throw new RangeError(`${samples.length} samples of ${channels} channels do not fit into one VBAN packet.`);
  }
  const packet = Buffer.alloc(bytes);
  writeHeader(packet, [SUB_PROTOCOL.audio | rateIndex, frames - 1, channels - 1, FORMAT_S16], stream, counter);
  // Not `entries()`: it would make a pair of each of 48,000 samples a second.
  for (let at = 0; at < samples.length; at += 1) packet.writeInt16LE(samples[at] ?? 0, HEADER_BYTES + at * 2);
  return packet;
}

/** The samples of all channels averaged to one. */
export function toMono(samples: Int16Array, channels: number): Int16Array {
  if (channels === 1) return samples;
  return Int16Array.from({ length: samples.length / channels }, (_, frame) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1) sum += samples[frame * channels + channel] ?? 0;
    return Math.round(sum / channels);
  });
}
