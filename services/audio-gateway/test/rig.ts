import type { InputResponse, PipelineTopic, Reply } from '@understudy/shared/contracts';
import type { TopicMessage } from '@understudy/shared/messaging';
import type { ServiceContext, ServiceParts } from '@understudy/shared/service';
import { createFakeContext, type FakeContext, freePort } from '@understudy/shared/testing';
import { type AudioDevices, type OpenAi, startAudioDevices, startOpenAi } from '@understudy/simulators';
import { type FastifyInstance, fastify } from 'fastify';
import { compose } from '../src/app.ts';

export interface Rig {
  readonly context: FakeContext<'audio-gateway'>;
  readonly parts: ServiceParts<'audio-gateway'>;
  readonly http: FastifyInstance;
  /** Two microphones and two speakers that really speak VBAN. */
  readonly audio: AudioDevices;
  readonly openai: OpenAi;
  readonly listenPort: number;
  published<T extends PipelineTopic>(topic: T): TopicMessage<T>[];
  ask(text: string): Promise<InputResponse>;
  setSupervised(supervised: boolean): void;
}

export interface RigOptions {
  /** Over the patient defaults below: fields of the section `audio`. */
  readonly audio?: Readonly<Record<string, unknown>>;
  /** Other sections. */
  readonly sections?: Readonly<Record<string, unknown>>;
  /** Limits of time of the two kinds of providers. */
  readonly transcriptionMs?: number;
  readonly speechMs?: number;
  /** What the KV bucket holds already. */
  readonly keys?: ReadonlyMap<string, unknown>;
  /** The bucket answers only after it. */
  readonly beforeKeys?: (context: FakeContext<'audio-gateway'>) => Promise<void>;
}

/** Generous limits, so that a busy machine is not taken for a broken device; a test of a limit sets its own. */
const PATIENCE = { frames_timeout_ms: 3000, ping_timeout_ms: 2000 };
const PATIENT_PROVIDERS_MS = 20_000;
const KEY_VARIABLE = 'UNDERSTUDY_TEST_KEY';

/** Runs the service's own composition against simulated devices and providers, on real sockets, with a bus that the test plays. */
export async function withRig(options: RigOptions, play: (rig: Rig) => Promise<void>): Promise<void> {
  const listenPort = await freePort();
  const microphone = (id: string, stream: string) => ({
    id,
    stream,
    sendTo: { host: '127.0.0.1', port: listenPort },
  });
  const audio = await startAudioDevices({
    microphones: [microphone('headset-mic', 'HeadsetMic'), microphone('desk-mic', 'DeskMic')],
    speakers: [
      { id: 'headset-out', stream: 'HeadsetOut', port: 0 },
      { id: 'desk-out', stream: 'DeskOut', port: 0 },
    ],
  });
  const openai = await startOpenAi({ port: 0, providers: ['voice', 'spare'] });
  const yaml = configuration(listenPort, audio, openai, options);
  const context = createFakeContext('audio-gateway', { yaml });
  for (const [key, value] of options.keys ?? []) context.bus.keys.set(key, value);
  for (const capability of ['think', 'act', 'see'] as const) context.observe(capability, 'full', 'test');
  const { readKey } = context.bus;
  context.bus.readKey = async (key) => {
    await options.beforeKeys?.(context);
    return readKey(key);
  };
  let supervised = true;
  const seen: ServiceContext<'audio-gateway'> = { ...context, isSupervised: () => supervised };
  const parts = await compose(seen);
  const http = fastify({ ajv: { customOptions: { removeAdditional: false, coerceTypes: false } } });
  parts.routes?.(http);
  try {
    await play({
      context,
      parts,
      http,
      audio,
      openai,
      listenPort,
      published: <T extends PipelineTopic>(topic: T) =>
        context.bus.published.filter((entry) => entry.topic === topic).map(({ message }) => message as TopicMessage<T>),
      async ask(text) {
        const answer = await http.inject({ method: 'POST', url: '/v1/input', payload: { text } });
        if (answer.statusCode !== 200) throw new Error(`HTTP ${answer.statusCode}: ${answer.body}`);
        return answer.json<InputResponse>();
      },
      setSupervised(value) {
        supervised = value;
      },
    });
  } finally {
    await Promise.all([parts.stop(), http.close()]);
    await Promise.all([audio.close(), openai.close()]);
  }
}

function configuration(listenPort: number, audio: AudioDevices, openai: OpenAi, options: RigOptions): string {
  process.env[KEY_VARIABLE] ??= 'sk-test-0123456789abcdef';
  const providers = (model: string) =>
    ['voice', 'spare'].map((name) => ({ name, base_url: openai.baseUrl(name), api_key_env: KEY_VARIABLE, model }));
  const output = (id: string, stream: string) => ({ id, kind: 'vban', stream, port: audio.speakerPort(id) });
  // JSON is YAML.
  return JSON.stringify({
    ...options.sections,
    audio: {
      ...PATIENCE,
      listen: { port: listenPort },
      // The simulated voice is a modem's, which no model of speech takes for one.
      speech_detection: { engine: 'energy' },
      inputs: [
        { id: 'headset-mic', kind: 'vban', stream: 'HeadsetMic' },
        { id: 'desk-mic', kind: 'vban', stream: 'DeskMic' },
      ],
      outputs: [output('headset-out', 'HeadsetOut'), output('desk-out', 'DeskOut')],
      transcription: {
        providers: providers('whisper-1'),
        timeout_ms: options.transcriptionMs ?? PATIENT_PROVIDERS_MS,
      },
      speech: { providers: providers('tts-1'), first_byte_timeout_ms: options.speechMs ?? PATIENT_PROVIDERS_MS },
      ...options.audio,
    },
  });
}

export const reply = (turnId: string, seq: number, text: string, more: Partial<Reply> = {}): Reply => ({
  turnId,
  seq,
  final: false,
  budgetMs: 8000,
  text,
  source: 'provider',
  by: 'provider:primary',
  mode: 'full',
  fallbackUsed: false,
  cachedResponseUsed: false,
  errors: [],
  observed: {},
  ...more,
});

/** Waits for a condition of the world. The limit is for the failing case only. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, limitMs = 30_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`Waited ${limitMs} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
