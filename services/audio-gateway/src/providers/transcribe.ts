import type { VoiceProvider } from '@understudy/shared/config';
import type { Clock } from '@understudy/shared/service';
import type OpenAI from 'openai';
import { toFile } from 'openai';
import { encodeWav } from '../audio/wav.ts';
import { HEARING_RATE_HZ } from '../detection/frame-cutter.ts';
import { classifyVoiceFailure } from './classify-voice-failure.ts';
import { createDeadline } from './deadline.ts';
import { readVoiceFailure } from './read-voice-failure.ts';

interface TranscriptionCall {
  readonly client: OpenAI;
  readonly provider: VoiceProvider;
  /** 16 kHz mono. */
  readonly samples: Float32Array;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** What was said, trimmed; empty when nobody spoke. @throws ServiceError TRANSCRIPTION_TIMEOUT, _FAILED or _ACCOUNT */
export async function transcribe({ client, provider, samples, timeoutMs, clock }: TranscriptionCall): Promise<string> {
  const deadline = createDeadline(clock, timeoutMs);
  try {
    const wav = encodeWav({ sampleRate: HEARING_RATE_HZ, samples });
    const file = await toFile(wav, 'utterance.wav', { type: 'audio/wav' });
    const answer: unknown = await client.audio.transcriptions.create(
      { file, model: provider.model, response_format: 'json' },
      { signal: deadline.signal },
    );
    // Typed as an object, but a proxy's page with status 200 arrives as a string.
    if (typeof answer === 'object' && answer !== null && 'text' in answer && typeof answer.text === 'string') {
      return answer.text.trim();
    }
  } catch (error) {
    throw classifyVoiceFailure(
      'TRANSCRIPTION',
      provider.name,
      readVoiceFailure(error, deadline.isOver(), clock.now()),
      error,
    );
  } finally {
    deadline.stop();
  }
  const failure = { kind: 'other', reason: 'sent something that is no transcription' } as const;
  throw classifyVoiceFailure('TRANSCRIPTION', provider.name, failure);
}
