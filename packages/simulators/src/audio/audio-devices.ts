import type { Socket } from 'node:dgram';
import { type ActiveFault, createFaultBoard } from '../faults/fault-board.ts';
import { FAULTS, faultsOf } from '../faults/fault-table.ts';
import { monotonicNow } from '../record/clock.ts';
import { createViolations, type Violation } from '../record/violations.ts';
import type { Simulator } from '../simulator.ts';
import { bindUdp, closeUdp } from '../sockets/bind-udp.ts';
import { LOOPBACK } from '../sockets/loopback.ts';
import {
  createMicrophone,
  MICROPHONE_PACKET_MS,
  type MicrophoneCondition,
  type MicrophoneConfig,
  type MicrophoneState,
} from './microphone.ts';
import { createPacketPace } from './packet-pace.ts';
import {
  createSpeaker,
  type HeardSpeech,
  type SpeakerCondition,
  type SpeakerConfig,
  type SpeakerState,
} from './speaker.ts';
import { openSpeakerPort, type SpeakerPort } from './speaker-port.ts';

export interface AudioDevicesOptions {
  readonly microphones: readonly MicrophoneConfig[];
  readonly speakers: readonly SpeakerConfig[];
  /** Address on which speakers listen. */
  readonly host?: string;
  /** Epoch milliseconds, monotonic. */
  readonly now?: () => number;
  /** Called when the bot becomes audible on any speaker, and when it falls silent. */
  readonly onSpeaking?: (speaking: boolean) => void;
}

export interface AudioDevicesState {
  readonly microphones: readonly MicrophoneState[];
  readonly speakers: readonly (SpeakerState & { readonly listening: boolean })[];
  readonly malformedPackets: number;
  readonly violations: readonly Violation[];
  readonly faults: readonly ActiveFault[];
}

export interface AudioDevices extends Simulator<AudioDevicesState> {
  /**
   * Speaks into a microphone (the first one unless named), after what is queued there.
   * @throws UnknownDeviceError
   */
  say(text: string, microphone?: string): { device: string; durationMs: number };
  /** What a speaker made audible. @throws UnknownDeviceError */
  heard(speaker: string): HeardSpeech[];
  readonly microphoneIds: readonly string[];
  readonly speakerIds: readonly string[];
  /** The UDP port of a speaker. @throws UnknownDeviceError */
  speakerPort(speaker: string): number;
}

export class UnknownDeviceError extends Error {
  override readonly name = 'UnknownDeviceError';
  readonly code = 'SIMULATOR_UNKNOWN_DEVICE';
}

/** Timers are late, the pace is not: each tick sends what is due. */
const TICK_MS = 5;
const DRIFT_SPEED = 1.02;

/** Starts microphones (VBAN senders) and speakers (VBAN receivers). @throws PortUnavailableError */
export async function startAudioDevices(options: AudioDevicesOptions): Promise<AudioDevices> {
  const { host = LOOPBACK, now = monotonicNow, onSpeaking = () => {} } = options;
  const violations = createViolations(now);
  const microphoneIds = options.microphones.map(({ id }) => id);
  const speakerIds = options.speakers.map(({ id }) => id);
  const faults = createFaultBoard({
    targets: new Map(
      faultsOf('audio').map((fault) => [
        fault,
        FAULTS[fault].targets === 'a microphone' ? microphoneIds : [...microphoneIds, ...speakerIds],
      ]),
    ),
    onChange: () => {
      for (const { port } of ports)
        port.settle().catch((error: Error) => violations.add('speaker_port', error.message));
    },
  });

  const microphoneCondition = (id: string): MicrophoneCondition => {
    if (faults.holds('audio_device_unavailable', id)) return 'unavailable';
    if (faults.holds('audio_garbage', id)) return 'garbage';
    return faults.holds('audio_silence', id) ? 'muted' : 'working';
  };
  const speakerCondition = (id: string): SpeakerCondition => {
    if (faults.holds('audio_device_unavailable', id)) return 'unavailable';
    return faults.holds('audio_silence', id) ? 'muted' : 'working';
  };

  const speakers = options.speakers.map((config) =>
    createSpeaker({ config, now, condition: () => speakerCondition(config.id) }),
  );
  const ports: { ids: readonly string[]; port: SpeakerPort }[] = [];
  for (const group of groupByPort(options.speakers)) {
    const ids = group.map(({ id }) => id);
    const port = await openSpeakerPort({
      host,
      port: group[0]?.port ?? 0,
      speakers: speakers.filter(({ id }) => ids.includes(id)),
      available: ({ id }) => speakerCondition(id) !== 'unavailable',
      violations,
    });
    ports.push({ ids, port });
  }

  const sender: Socket = await bindUdp('The microphones', host, 0);
  const microphones = options.microphones.map((config) =>
    createMicrophone({
      config,
      socket: sender,
      pace: createPacketPace(MICROPHONE_PACKET_MS, () =>
        faults.holds('audio_clock_drift', config.id) ? DRIFT_SPEED : 1,
      ),
      condition: () => microphoneCondition(config.id),
    }),
  );

  let wasSpeaking = false;
  const ticking = setInterval(() => {
    const nowMs = now();
    for (const microphone of microphones) microphone.tick(nowMs);
    for (const speaker of speakers) speaker.tick(nowMs);
    const speaking = speakers.some((speaker) => speaker.speaking());
    if (speaking !== wasSpeaking) onSpeaking(speaking);
    wasSpeaking = speaking;
  }, TICK_MS);

  const portOf = (id: string): SpeakerPort =>
    find(ports, ({ ids }) => ids.includes(id), 'speaker', id, speakerIds).port;

  return {
    microphoneIds,
    speakerIds,
    say(text, id = microphoneIds[0] ?? '') {
      const microphone = find(microphones, (candidate) => candidate.id === id, 'microphone', id, microphoneIds);
      return { device: id, ...microphone.say(text) };
    },
    heard: (id) => find(speakers, (candidate) => candidate.id === id, 'speaker', id, speakerIds).heard(),
    speakerPort: (id) => portOf(id).port(),
    state: () => ({
      microphones: microphones.map((microphone) => microphone.state()),
      speakers: speakers.map((speaker) => ({
        ...speaker.state(),
        port: portOf(speaker.id).port(),
        listening: portOf(speaker.id).listening(),
      })),
      malformedPackets: ports.reduce((sum, { port }) => sum + port.malformedPackets(), 0),
      violations: violations.list(),
      faults: faults.active(),
    }),
    applyFault: faults.apply,
    clearFaults: faults.clear,
    async close() {
      clearInterval(ticking);
      faults.clear();
      await Promise.all([closeUdp(sender), ...ports.map(({ port }) => port.close())]);
    },
  };
}

/** Speakers with the same port share its socket; each with port 0 gets one of its own. */
function groupByPort(speakers: readonly SpeakerConfig[]): SpeakerConfig[][] {
  return Object.values(Object.groupBy(speakers, ({ id, port }) => (port === 0 ? id : String(port)))).filter(
    (group) => group !== undefined,
  );
}

function find<Item>(
  items: readonly Item[],
  matches: (item: Item) => boolean,
  kind: string,
  id: string,
  known: readonly string[],
): Item {
  const item = items.find(matches);
  if (!item) throw new UnknownDeviceError(`There is no ${kind} '${id}'. Known: ${known.join(', ') || 'none'}.`);
  return item;
}
