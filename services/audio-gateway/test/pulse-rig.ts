import { readdirSync, readFileSync } from 'node:fs';
import type { ErrorEvent, LevelBy } from '@understudy/shared/contracts';
import { createFakeContext, type FakeContext } from '@understudy/shared/testing';
import { joinSamples } from '../src/audio/join-samples.ts';
import { type AudioDevices, openAudioDevices } from '../src/devices/audio-devices.ts';
import { type PulseServer, startPulseServer } from './pulse-server.ts';

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
  readonly server?: PulseServer;
  /** Over the defaults below: fields of the section `audio`. */
  readonly audio?: Readonly<Record<string, unknown>>;
}

export const MICROPHONES = ['headset_mic', 'desk_mic'];
export const SPEAKERS = ['headset', 'desk'];
export const brief = ({ code, subject }: ErrorEvent): string => `${code} ${subject}`;

/** The gateway's devices on a sound server of the test's own. */
export async function withPulse(options: PulseRigOptions, play: (rig: PulseRig) => Promise<void>): Promise<void> {
  const server = options.server ?? (await startPulseServer({ microphones: MICROPHONES, speakers: SPEAKERS }));
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
