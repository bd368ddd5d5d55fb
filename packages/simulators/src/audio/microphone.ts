import type { Socket } from 'node:dgram';
import { encodeAudio } from '../vban/vban-audio.ts';
import type { PacketPace } from './packet-pace.ts';
import { createVoiceTrack } from './voice-track.ts';

export interface MicrophoneConfig {
  readonly id: string;
  /** VBAN stream name, at most 16 ASCII characters. */
  readonly stream: string;
  readonly sendTo: { readonly host: string; readonly port: number };
}

export const MICROPHONE_RATE = 48_000;
/** The largest VBAN packet: 5.33 ms. */
const SAMPLES_PER_PACKET = 256;
export const MICROPHONE_PACKET_MS = (SAMPLES_PER_PACKET * 1000) / MICROPHONE_RATE;

/** What a microphone puts on the wire: normally sound, otherwise what its fault makes of it. */
export type MicrophoneCondition = 'working' | 'unavailable' | 'muted' | 'garbage';

export interface MicrophoneState extends MicrophoneConfig {
  readonly condition: MicrophoneCondition;
  readonly packetsSent: number;
  readonly queuedSpeechMs: number;
}

export interface Microphone {
  readonly id: string;
  say(text: string): { durationMs: number };
  /** Sends the packets that are due. */
  tick(nowMs: number): void;
  state(): MicrophoneState;
}

interface MicrophoneParts {
  readonly config: MicrophoneConfig;
  readonly socket: Socket;
  readonly pace: PacketPace;
  readonly condition: () => MicrophoneCondition;
}

/** A VBAN sender: 48 kHz, 16 bit, mono, one frame counter, sound going on whether or not anything is sent. */
export function createMicrophone({ config, socket, pace, condition }: MicrophoneParts): Microphone {
  const track = createVoiceTrack(MICROPHONE_RATE);
  let counter = 0;

  const encode = (samples: Int16Array): Buffer =>
    encodeAudio({ stream: config.stream, sampleRate: MICROPHONE_RATE, channels: 1, counter, samples });

  const nextPacket = (): Buffer | undefined => {
    // The room goes on while the device is gone: what is said then is lost, not sent later.
    const sound = track.read(SAMPLES_PER_PACKET);
    const now = condition();
    if (now === 'unavailable') return undefined;
    const packet = encode(now === 'muted' ? new Int16Array(SAMPLES_PER_PACKET) : sound);
    counter = (counter + 1) % 2 ** 32;
    return now === 'garbage' ? spoil(packet, counter) : packet;
  };

  return {
    id: config.id,
    say: (text) => ({ durationMs: track.say(text) }),
    tick(nowMs) {
      for (let due = pace.due(nowMs); due > 0; due -= 1) {
        const packet = nextPacket();
        if (packet) socket.send(packet, config.sendTo.port, config.sendTo.host);
      }
    },
    state: () => ({ ...config, condition: condition(), packetsSent: counter, queuedSpeechMs: track.queuedMs() }),
  };
}

/** One way after another in which a VBAN packet can be wrong; every receiver has to survive all of them. */
const SPOILERS: readonly ((packet: Buffer) => Buffer)[] = [
  (packet) => packet.subarray(0, 100),
  (packet) => packet.subarray(0, 12),
  () => Buffer.alloc(0),
  (packet) => Buffer.concat([Buffer.from('NABV'), packet.subarray(4)]),
  (packet) => withByte(packet, 4, 0x9f),
  (packet) => withByte(packet, 5, 0x00),
  (packet) => withByte(packet, 7, 0x21),
  (packet) => Buffer.concat([packet, Buffer.alloc(2000)]),
];

function spoil(packet: Buffer, counter: number): Buffer {
  return (SPOILERS[counter % SPOILERS.length] ?? ((same) => same))(packet);
}

function withByte(packet: Buffer, offset: number, value: number): Buffer {
  const changed = Buffer.from(packet);
  changed[offset] = value;
  return changed;
}
