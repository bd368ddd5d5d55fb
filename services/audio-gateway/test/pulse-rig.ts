import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { ErrorEvent, LevelBy } from '@understudy/shared/contracts';
import { createFakeContext, type FakeContext } from '@understudy/shared/testing';
import { joinSamples } from '../src/audio/join-samples.ts';
import { loudnessDb } from '../src/audio/loudness.ts';
import type { WavAudio } from '../src/audio/wav.ts';
import { type AudioDevices, openAudioDevices } from '../src/devices/audio-devices.ts';
import type { Speech } from '../src/devices/audio-sink.ts';
import { type PulseServer, startPulseServer } from './pulse-server.ts';
import { until } from './rig.ts';
import { PULSEAUDIO, SOUND_SERVERS, type SoundServer } from './sound-servers.ts';

export interface PulseRig {
  readonly context: FakeContext<'audio-gateway'>;
  readonly devices: AudioDevices;
  readonly server: PulseServer;
  hear(): LevelBy | undefined;
  speak(): LevelBy | undefined;
  /** All that reached the pipeline, 16 kHz mono. */
  heard(): Float32Array;
  reported(): string[];
}

interface PulseRigOptions {
  /** Else PulseAudio. */
  readonly kind?: SoundServer | undefined;
  readonly server?: PulseServer;
  /** Over the defaults below: fields of the section `audio`. */
  readonly audio?: Readonly<Record<string, unknown>>;
}

const TIMEOUT_MS = 120_000;
/** For `test`: on a server of this kind. */
export const on = ({ missing }: SoundServer) => ({ skip: missing, timeout: TIMEOUT_MS });
export const onPulseAudio = on(PULSEAUDIO);

export function onEachServer(
  title: string,
  play: (kind: SoundServer) => Promise<void>,
  skip: string | false = false,
): void {
  for (const kind of SOUND_SERVERS) {
    test(`${title} (${kind.name})`, { ...on(kind), skip: kind.missing || skip }, () => play(kind));
  }
}

export const MICROPHONES = ['headset_mic', 'desk_mic'];
export const SPEAKERS = ['headset', 'desk'];
export const brief = ({ code, subject }: ErrorEvent): string => `${code} ${subject}`;

/** The gateway's devices on a sound server of the test's own. */
export async function withPulse(options: PulseRigOptions, play: (rig: PulseRig) => Promise<void>): Promise<void> {
  const server =
    options.server ?? (await startPulseServer({ kind: options.kind, microphones: MICROPHONES, speakers: SPEAKERS }));
  try {
    await withDevices(server, options.audio ?? {}, play);
  } finally {
    await server.stop();
  }
}

async function withDevices(server: PulseServer, audio: object, play: (rig: PulseRig) => Promise<void>) {
  const section = {
    // A null sink into which nobody plays delivers zeros, like a muted microphone.
    silence_timeout_ms: 600_000,
    // So that a busy machine is not taken for a broken device.
    frames_timeout_ms: 1200,
    pulse: { server: server.address },
    inputs: MICROPHONES.map((source) => ({ id: source, kind: 'pulse', source })),
    outputs: SPEAKERS.map((sink) => ({ id: sink, kind: 'pulse', sink })),
    ...audio,
  };
  const context = createFakeContext('audio-gateway', { yaml: JSON.stringify({ audio: section }) });
  // Port 0 is not for operators: any free one.
  const config = context.config();
  context.setConfig({ ...config, audio: { ...config.audio, listen: { ...config.audio.listen, port: 0 } } });
  const heard: Float32Array[] = [];
  const levels: { hear?: LevelBy; speak?: LevelBy } = {};
  const devices = await openAudioDevices(context, {
    onSamples: (samples) => void heard.push(samples),
    onInterrupted: () => {},
    onInputLevel: (level) => {
      levels.hear = level;
    },
    onOutputLevel: (level) => {
      levels.speak = level;
    },
  });
  try {
    await play({
      context,
      devices,
      server,
      hear: () => levels.hear,
      speak: () => levels.speak,
      heard: () => joinSamples(heard),
      reported: () => context.errors.map(brief),
    });
  } finally {
    await devices.close();
  }
}

/** Programs that this process has started and that still run, or were not waited for. */
export function childrenNamed(...names: readonly string[]): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const found = /^\d+ \((.*)\) (\S) (\d+) /.exec(stat);
        const [, name = '', state = '', parent = ''] = found ?? [];
        return Number(parent) === process.pid && names.includes(name) ? [`${name} ${state} ${pid}`] : [];
      } catch {
        return [];
      }
    });
}

export const patient = () => AbortSignal.timeout(30_000);
export const bothWork = ({ hear, speak }: PulseRig) =>
  until('both devices work', () => hear()?.level === 'full' && speak()?.level === 'full');
export const tone = (seconds: number, amplitude = 0.5, sampleRate = 24_000): WavAudio => ({
  sampleRate,
  samples: Float32Array.from(
    { length: seconds * sampleRate },
    (_, index) => amplitude * Math.sin((2 * Math.PI * 440 * index) / sampleRate),
  ),
});
export const speech = ({ sampleRate, samples }: WavAudio): Speech => ({
  sampleRate,
  pieces: (async function* () {
    for (let start = 0; start < samples.length; start += 4000) yield samples.subarray(start, start + 4000);
  })(),
});
export const loudSeconds = (samples: Float32Array): number => {
  let loud = 0;
  for (let start = 0; start < samples.length; start += 320) {
    if (loudnessDb(samples.subarray(start, start + 320)) > -45) loud += 0.02;
  }
  return loud;
};

export const pidsOf = (program: string): string[] => childrenNamed(program).map((child) => child.split(' ')[2] ?? '');

/** Of the program `pactl` only what stays: a `pactl list` comes and goes with events. @returns its process ids */
export const subscriptions = (): string[] =>
  pidsOf('pactl').filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('subscribe');
    } catch {
      return false;
    }
  });
