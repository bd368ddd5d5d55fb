import { createBoundedLog } from '../record/bounded-log.ts';
import { toMono, type VbanAudio } from '../vban/vban-audio.ts';
import { NO_PACKETS, trackPacket } from './packet-loss.ts';
import { createSpeechListener, type SpeechListener } from './speech-listener.ts';

export interface SpeakerConfig {
  readonly id: string;
  /** VBAN stream name that it plays; told apart by it when several speakers share a port. */
  readonly stream: string;
  /** UDP; 0 takes any free one. */
  readonly port: number;
}

export interface HeardSpeech {
  readonly text: string;
  /** Epoch milliseconds at which the utterance was complete. */
  readonly at: number;
}

/** `muted`: it takes packets and gives no sound. */
export type SpeakerCondition = 'working' | 'unavailable' | 'muted';

export interface SpeakerState extends SpeakerConfig {
  readonly condition: SpeakerCondition;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly packetsOutOfOrder: number;
  readonly senderRestarts: number;
  /** Sound received, whatever it was. */
  readonly audioMs: number;
  /** Of it, loud enough to be a voice. */
  readonly voicedMs: number;
  readonly sampleRate: number | undefined;
  readonly lastPacketAt: number | undefined;
  readonly heard: readonly HeardSpeech[];
}

export interface Speaker {
  readonly id: string;
  readonly stream: string;
  take(packet: VbanAudio): void;
  /** Ends an utterance whose packets stopped coming. */
  tick(nowMs: number): void;
  speaking(): boolean;
  heard(): HeardSpeech[];
  state(): SpeakerState;
}

/** Without a packet for so long an utterance is over: senders may stop instead of sending silence. */
const STREAM_PAUSE_MS = 300;
const KEPT_UTTERANCES = 200;
/** More missing packets than this are not filled with silence: the sender paused. */
const MAX_FILLED_PACKETS = 50;

interface SpeakerParts {
  readonly config: SpeakerConfig;
  readonly now: () => number;
  readonly condition: () => SpeakerCondition;
}

/** A VBAN receiver for one stream that listens to what it plays. */
export function createSpeaker({ config, now, condition }: SpeakerParts): Speaker {
  const heard = createBoundedLog<HeardSpeech>(KEPT_UTTERANCES);
  let loss = NO_PACKETS;
  let listener: SpeechListener | undefined;
  let sampleRate: number | undefined;
  let audioMs = 0;
  let lastPacketAt: number | undefined;
  let seemsPaused = false;

  const listenerFor = (rate: number): SpeechListener => {
    if (listener && sampleRate === rate) return listener;
    listener?.flush();
    sampleRate = rate;
    listener = createSpeechListener(rate, (text) => heard.push({ text, at: now() }));
    return listener;
  };

  return {
    id: config.id,
    stream: config.stream,
    take(packet) {
      if (condition() === 'unavailable') return;
      const tracked = trackPacket(loss, packet.counter);
      loss = tracked.loss;
      lastPacketAt = now();
      if (tracked.late) return;
      const sound = toMono(packet.samples, packet.channels);
      audioMs += (sound.length * 1000) / packet.sampleRate;
      if (condition() === 'muted') return;
      const ears = listenerFor(packet.sampleRate);
      // A receiver plays silence for lost packets, else all that follows would come too early.
      if (tracked.missing <= MAX_FILLED_PACKETS) ears.push(new Int16Array(tracked.missing * sound.length));
      ears.push(sound);
    },
    tick(nowMs) {
      const isQuiet = nowMs - (lastPacketAt ?? nowMs) > STREAM_PAUSE_MS;
      // A late timer runs before the packets that waited with it: a pause counts when the next tick sees it too.
      if (isQuiet && seemsPaused && listener?.speaking()) listener.flush();
      seemsPaused = isQuiet;
    },
    speaking: () => listener?.speaking() ?? false,
    heard: heard.entries,
    state: () => ({
      ...config,
      condition: condition(),
      packetsReceived: loss.received,
      packetsLost: loss.lost,
      packetsOutOfOrder: loss.outOfOrder,
      senderRestarts: loss.restarts,
      audioMs: Math.round(audioMs),
      voicedMs: listener?.voicedMs() ?? 0,
      sampleRate,
      lastPacketAt,
      heard: heard.entries(),
    }),
  };
}
