import type { VoiceProvider } from '@understudy/shared/config';
import type { Clock } from '@understudy/shared/service';
import type OpenAI from 'openai';
import { toFile } from 'openai';
import { HEARING_RATE_HZ } from '../audio/frame-cutter.ts';
import { encodeWav } from '../audio/wav.ts';
import { classifyVoiceFailure, unusableAnswer } from './classify-voice-failure.ts';
import { createDeadline } from './deadline.ts';

interface TranscriptionCall {
  readonly client: OpenAI;
  readonly provider: VoiceProvider;
  /** 16 kHz mono. */
  readonly samples: Float32Array;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** What was said, trimmed; empty when nobody spoke. @throws ServiceError TRANSCRIPTION_TIMEOUT, _FAILED, _OUT_OF_MEMORY or _ACCOUNT */
export async function transcribe({ client, provider, samples, timeoutMs, clock }: TranscriptionCall): Promise<string> {
  const deadline = createDeadline(clock, timeoutMs);
  try {
    const wav = encodeWav({ sampleRate: HEARING_RATE_HZ, samples });
    const file = await toFile(wav, 'utterance.wav', { type: 'audio/wav' });
    const answer: unknown = await client.audio.transcriptions.create(
      {
        file,
        model: provider.model,
        response_format: 'json',
        ...(provider.language === undefined ? {} : { language: provider.language }),
      },
      { signal: deadline.signal },
    );
    // Typed as an object, but a proxy's page with status 200 arrives as a string.
    if (typeof answer === 'object' && answer !== null && 'text' in answer && typeof answer.text === 'string') {
      return answer.text.trim();
    }
  } catch (error) {
    throw classifyVoiceFailure(error, {
      task: 'TRANSCRIPTION',
      provider,
      isOverdue: deadline.isOver(),
      now: clock.now(),
    });
  } finally {
    deadline.stop();
  }
  throw unusableAnswer('TRANSCRIPTION', provider, 'sent something that is no transcription');
}
