import { HEARING_RATE_HZ } from '../../../services/audio-gateway/src/audio/frame-cutter.ts';
import { createPacketOrder } from '../../../services/audio-gateway/src/audio/packet-order.ts';
import { createResampler } from '../../../services/audio-gateway/src/audio/resampler.ts';
import { decodeVban } from '../../../services/audio-gateway/src/vban/decode-vban.ts';
import { SAMPLE_FORMATS } from '../../../services/audio-gateway/src/vban/sample-formats.ts';
import { encodeAudio, readMono } from '../../../services/audio-gateway/src/vban/vban-audio.ts';

const RATE_HZ = 48_000;
const PACKET_SAMPLES = 256;
export const PACKETS_PER_SECOND = RATE_HZ / PACKET_SAMPLES;

/** A second of one microphone, as Voicemeeter sends it: 48 kHz, s16, mono. */
function datagrams(): Buffer[] {
  const format = SAMPLE_FORMATS.find(({ bytes }) => bytes === 2);
  if (format === undefined) throw new Error('s16 is missing in SAMPLE_FORMATS');
  return Array.from({ length: Math.ceil(PACKETS_PER_SECOND) }, (_, counter) =>
    encodeAudio({
      stream: 'HeadsetMic',
      counter,
      sampleRate: RATE_HZ,
      channels: 1,
      format,
      samples: Float32Array.from({ length: PACKET_SAMPLES }, (_, index) => 0.3 * Math.sin(counter + index / 7)),
    }),
  );
}

/** @returns a second of sound, packet for packet from datagram to 16 kHz; gives the milliseconds that each packet took */
export function createStreamSample(): () => number {
  const packets = datagrams();
  return () => {
    const order = createPacketOrder<Float32Array>();
    const resampler = createResampler(RATE_HZ, HEARING_RATE_HZ);
    let heard = 0;
    const began = performance.now();
    for (const datagram of packets) {
      const packet = decodeVban(datagram);
      if (packet.type !== 'audio') throw new Error(`The bench's own packet is ${packet.type}`);
      const arrival = order.push(packet.counter, readMono(packet));
      if (arrival.type !== 'accepted') throw new Error(`The bench's own packet is ${arrival.type}`);
      for (const ready of arrival.ready) heard += resampler.push(ready.packet).length;
    }
    const tookMs = performance.now() - began;
    if (heard === 0) throw new Error('Nothing came out of the resampler');
    return tookMs / packets.length;
  };
}

/** The least that anybody must do with a packet: read its samples. */
export function createBareSample(): () => number {
  const packets = datagrams();
  return () => {
    const began = performance.now();
    let sum = 0;
    for (const datagram of packets) {
      for (let offset = 28; offset < datagram.length; offset += 2) sum += datagram.readInt16LE(offset);
    }
    const tookMs = performance.now() - began;
    if (!Number.isFinite(sum)) throw new Error('The samples are no numbers');
    return tookMs / packets.length;
  };
}
