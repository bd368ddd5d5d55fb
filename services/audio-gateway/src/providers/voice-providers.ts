import type { VoiceProvider } from '@understudy/shared/config';
import type { ErrorEvent, LevelBy } from '@understudy/shared/contracts';
import { createFailureStreaks, type ProbeResult, type ServiceContext } from '@understudy/shared/service';
import type OpenAI from 'openai';
import { HEARING_RATE_HZ } from '../audio/frame-cutter.ts';
import type { Speech } from '../devices/audio-sink.ts';
import { classifyVoiceFailure, type VoiceTask } from './classify-voice-failure.ts';
import { type ChainResult, createProviderChain, type ProviderChain } from './provider-chain.ts';
import { synthesize } from './synthesize.ts';
import { transcribe } from './transcribe.ts';
import { createVoiceClient } from './voice-client.ts';

export interface VoiceProviders {
  transcribe(samples: Float32Array): Promise<ChainResult<string>>;
  synthesize(text: string, signal: AbortSignal): Promise<ChainResult<Speech>>;
  /** The same past every breaker, for a probe: nothing is reported. @returns the text, empty when none came */
  transcribeAgain(samples: Float32Array): Promise<string>;
  /** It answers, and nothing useful: the next one is asked for a while. */
  leaveOutTranscription(name: string): void;
  /** Why a synthesis would fail at once, if it would. */
  synthesisBlockedBy(): ErrorEvent | undefined;
  probeTranscription(name: string | undefined): Promise<ProbeResult>;
  probeSpeech(name: string | undefined, signal: AbortSignal): Promise<ProbeResult>;
}

interface VoiceProvidersParts {
  readonly onTranscriptionLevel: (level: LevelBy) => void;
  readonly onSpeechLevel: (level: LevelBy) => void;
}

type Surroundings = Pick<ServiceContext, 'clock' | 'config' | 'metrics' | 'onConfig' | 'reportError'>;

const PROBE_TEXT = 'One.';
/** Half a second of a quiet tone: every server takes it, and what it hears in it does not matter. */
const PROBE_SOUND = Float32Array.from(
  { length: HEARING_RATE_HZ / 2 },
  (_, index) => 0.1 * Math.sin((2 * Math.PI * 440 * index) / HEARING_RATE_HZ),
);

const levelOf = (index: number, name: string, nobody: string): LevelBy => {
  if (index < 0) return { level: 'off', by: nobody };
  return { level: index === 0 ? 'full' : 'degraded', by: `provider:${name}` };
};

/** The two chains of voice providers; a reload that changes one builds it anew. */
export function createVoiceProviders(context: Surroundings, parts: VoiceProvidersParts): VoiceProviders {
  const { clock, config } = context;
  const audio = () => config().audio;

  const streaks = {
    SPEECH: createFailureStreaks(context.metrics, 'speech'),
    TRANSCRIPTION: createFailureStreaks(context.metrics, 'transcription'),
  };
  const createChain = (task: VoiceTask, providers: readonly VoiceProvider[], onLevel: (level: LevelBy) => void) =>
    createProviderChain(context, {
      providers,
      task: task === 'SPEECH' ? 'speech' : 'transcription',
      breaker: audio().breaker,
      streaks: streaks[task],
      classify: (provider, error) => classifyVoiceFailure(error, { task, provider, now: clock.now() }),
      onRung: (index, name) => onLevel(levelOf(index, name, task === 'SPEECH' ? 'no_speech' : 'no_transcription')),
    });
  const createHearing = () => createChain('TRANSCRIPTION', audio().transcription.providers, parts.onTranscriptionLevel);
  const createSpeaking = () => createChain('SPEECH', audio().speech.providers, parts.onSpeechLevel);

  let clients = new Map<VoiceProvider, OpenAI>();
  const clientOf = (task: VoiceTask, provider: VoiceProvider): OpenAI => {
    const client = clients.get(provider) ?? createVoiceClient(task, provider);
    clients.set(provider, client);
    return client;
  };

  let hearing: ProviderChain<VoiceProvider> = createHearing();
  let speaking: ProviderChain<VoiceProvider> = createSpeaking();
  context.onConfig(() => {
    clients = new Map();
    hearing = createHearing();
    speaking = createSpeaking();
  });

  const transcribeBy = (provider: VoiceProvider, samples: Float32Array) =>
    transcribe({
      client: clientOf('TRANSCRIPTION', provider),
      provider,
      samples,
      timeoutMs: audio().transcription.timeout_ms,
      clock,
    });
  const synthesizeBy = (provider: VoiceProvider, text: string, signal: AbortSignal) =>
    synthesize({
      client: clientOf('SPEECH', provider),
      provider,
      text,
      firstByteTimeoutMs: audio().speech.first_byte_timeout_ms,
      clock,
      signal,
    });

  return {
    transcribe: (samples) => hearing.run((provider) => transcribeBy(provider, samples)),
    async transcribeAgain(samples) {
      let text = '';
      await hearing.probe(undefined, async (provider) => {
        text = await transcribeBy(provider, samples);
        if (text === '') throw new Error(`${provider.name} gave no text`);
        return 'it transcribed';
      });
      return text;
    },
    leaveOutTranscription: (name) => hearing.leaveOut(name),
    synthesize: (text, signal) => speaking.run((provider) => synthesizeBy(provider, text, signal), signal),
    synthesisBlockedBy: () => (speaking.isBlocked() ? speaking.standing() : undefined),
    probeTranscription: (name) =>
      hearing.probe(name, async (provider) => {
        await transcribeBy(provider, PROBE_SOUND);
        return 'it transcribed half a second of sound';
      }),
    probeSpeech: (name, signal) =>
      speaking.probe(name, async (provider) => {
        const ended = new AbortController();
        const speech = await synthesizeBy(provider, PROBE_TEXT, AbortSignal.any([signal, ended.signal]));
        // The first sound is the proof; the rest is not waited for.
        await speech.pieces[Symbol.asyncIterator]().return?.();
        ended.abort();
        return 'it sent sound';
      }),
  };
}
