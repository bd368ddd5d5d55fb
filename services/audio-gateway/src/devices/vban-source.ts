import type { AudioInput } from '@understudy/shared/config';
import type { ServiceContext } from '@understudy/shared/service';
import type { VbanNetwork } from '../adapters/vban-network.ts';
import { HEARING_RATE_HZ } from '../audio/frame-cutter.ts';
import { createPacketOrder } from '../audio/packet-order.ts';
import { createResampler, type Resampler } from '../audio/resampler.ts';
import { readMono, type VbanAudio } from '../vban/vban-audio.ts';
import type { AudioSource, SampleListener, SourceHealth } from './audio-source.ts';
import { awaitFrames } from './await-frames.ts';

type VbanInput = Extract<AudioInput, { kind: 'vban' }>;
type Surroundings = Pick<ServiceContext, 'clock' | 'metrics' | 'config'>;

/** A longer gap is a pause of the sender, not silence to be heard. */
const MAX_FILLED_PACKETS = 32;

const isZero = ({ format, payload }: VbanAudio): boolean => {
  for (let offset = 0; offset < payload.length; offset += format.bytes) {
    if (format.read(payload, offset) !== 0) return false;
  }
  return true;
};

/** A microphone that arrives as a VBAN stream. */
export function createVbanSource(context: Surroundings, network: VbanNetwork, input: VbanInput): AudioSource {
  const { clock, metrics } = context;
  const count = (result: string) => metrics.bindCounter('understudy_audio_packets_total', { direction: 'in', result });
  const [accepted, watched, wrongSender] = [count('accepted'), count('watched'), count('wrong_sender')];
  const spoofed = count('spoofed');
  const dropped = { duplicate: count('duplicate'), late: count('late') };
  const countLost = count('lost');
  let lastFrameAt: number | undefined;
  let zeroSince: number | undefined;
  let lostPackets = 0;
  let sender: string | undefined;
  let stranger: { readonly address: string; readonly at: number } | undefined;
  let listening: { listener: SampleListener; order: ReturnType<typeof createPacketOrder<QueuedPacket>> } | undefined;
  let resampler: { fromHz: number; convert: Resampler } | undefined;

  const hear = (listener: SampleListener, { sampleRate, samples }: QueuedPacket, lost: number) => {
    if (resampler?.fromHz !== sampleRate) {
      resampler = { fromHz: sampleRate, convert: createResampler(sampleRate, HEARING_RATE_HZ) };
    }
    for (let missing = 0; missing < lost; missing += 1) {
      lostPackets += 1;
      countLost();
    }
    if (lost > 0 && lost <= MAX_FILLED_PACKETS) {
      listener(resampler.convert.push(new Float32Array(lost * samples.length)));
    }
    listener(resampler.convert.push(samples));
  };

  const isSilent = (now: number): boolean =>
    lastFrameAt === undefined || now - lastFrameAt > context.config().audio.frames_timeout_ms;

  /** Two senders of one name at once would be mixed up: the first one is heard until it is silent. */
  const isTheSender = (address: string, now: number): boolean => {
    if (sender === undefined || isSilent(now)) sender = address;
    return sender === address;
  };

  const explainSilence = (now: number): string | undefined => {
    const quietMs = context.config().audio.frames_timeout_ms;
    if (stranger === undefined || now - stranger.at > quietMs) return network.explainSilence(input.stream, quietMs);
    return `its packets come from ${stranger.address}, and audio.inputs takes those from ${input.from} only; correct that there`;
  };

  const unlisten = network.listen(input.stream, (packet, from) => {
    const now = clock.now();
    if (input.from !== undefined && from.address !== input.from) {
      stranger = { address: from.address, at: now };
      return wrongSender();
    }
    if (!isTheSender(`${from.address}:${from.port}`, now)) return spoofed();
    lastFrameAt = now;
    zeroSince = isZero(packet) ? (zeroSince ?? lastFrameAt) : undefined;
    if (listening === undefined) return watched();
    const arrival = listening.order.push(packet.counter, {
      sampleRate: packet.sampleRate,
      samples: readMono(packet),
    });
    if (arrival.type !== 'accepted') return dropped[arrival.type]();
    accepted();
    for (const { packet: next, lost } of arrival.ready) hear(listening.listener, next, lost);
  });

  const health = (): SourceHealth => {
    const now = clock.now();
    const problem = isSilent(now) ? explainSilence(now) : undefined;
    return { lastFrameAt, zeroSince, lostPackets, ...(problem ? { problem } : {}) };
  };
  return {
    id: input.id,
    keepsTime: true,
    start(listener) {
      listening = { listener, order: createPacketOrder() };
      resampler = undefined;
    },
    stop() {
      listening = undefined;
    },
    health,
    test: (signal) => awaitFrames(context, input.id, health, signal),
    close: unlisten,
  };
}

interface QueuedPacket {
  readonly sampleRate: number;
  readonly samples: Float32Array;
}
