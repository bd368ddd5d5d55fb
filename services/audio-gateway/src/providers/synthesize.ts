import type { VoiceProvider } from '@understudy/shared/config';
import { ServiceError } from '@understudy/shared/errors';
import type { Clock } from '@understudy/shared/service';
import type OpenAI from 'openai';
import type { Speech } from '../devices/audio-sink.ts';
import { classifyVoiceFailure, unusableAnswer } from './classify-voice-failure.ts';
import { createDeadline, type Deadline } from './deadline.ts';
import { NoSpeechFormatError, readSpeech } from './read-speech.ts';

const DEFAULT_VOICE = 'coral';

interface SpeechCall {
  readonly client: OpenAI;
  readonly provider: VoiceProvider;
  readonly text: string;
  /** Also the longest pause between two pieces. */
  readonly firstByteTimeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Resolves when the first sound is there; the rest streams. The pieces throw SPEECH_FAILED or SPEECH_TIMEOUT when the stream breaks off.
 * @throws ServiceError SPEECH_TIMEOUT, SPEECH_FAILED, SPEECH_EMPTY, SPEECH_OUT_OF_MEMORY or SPEECH_ACCOUNT
 */
export async function synthesize(call: SpeechCall): Promise<Speech> {
  const { client, provider, text, clock } = call;
  const deadline = createDeadline(clock, call.firstByteTimeoutMs, call.signal);
  let isStreaming = false;
  const classify = (error: unknown) =>
    classifyVoiceFailure(error, {
      task: 'SPEECH',
      provider,
      isStreaming,
      isOverdue: deadline.isOver(),
      now: clock.now(),
    });
  try {
    const response = await client.audio.speech.create(
      { model: provider.model, voice: provider.voice ?? DEFAULT_VOICE, input: text, response_format: 'pcm' },
      { signal: deadline.signal },
    );
    isStreaming = true;
    refuseOthers(response, provider);
    const spoken = await readSpeech(timed(response, deadline));
    const first = await spoken?.pieces.next();
    if (spoken === undefined || first === undefined || first.done) {
      throw new ServiceError(
        'SPEECH_EMPTY',
        `Provider ${provider.name} sent no audio; try another voice in audio.speech`,
        {
          subject: provider.name,
          context: { provider: provider.name },
        },
      );
    }
    return { sampleRate: spoken.sampleRate, pieces: resume(first.value, spoken.pieces, deadline, classify) };
  } catch (error) {
    deadline.stop();
    if (error instanceof NoSpeechFormatError) {
      throw unusableAnswer('SPEECH', provider, error.message);
    }
    throw classify(error);
  }
}

/** A proxy's page, an error with status 200 or a compressed format would be played as noise. */
function refuseOthers(response: Response, provider: VoiceProvider): void {
  const contentType = response.headers.get('content-type') ?? '';
  if (!/^(text\/|application\/json|audio\/(mpeg|mp3|ogg|opus|aac|flac|webm))/i.test(contentType)) return;
  throw unusableAnswer('SPEECH', provider, `sent ${contentType} instead of pcm or wav`);
}

/** Each piece begins the deadline anew. */
async function* timed(response: Response, deadline: Deadline): AsyncGenerator<Uint8Array> {
  for await (const bytes of response.body ?? []) {
    deadline.restart();
    yield bytes;
  }
}

async function* resume(
  first: Float32Array,
  pieces: AsyncGenerator<Float32Array, undefined>,
  deadline: Deadline,
  classify: (error: unknown) => ServiceError,
): AsyncGenerator<Float32Array> {
  try {
    yield first;
    yield* pieces;
  } catch (error) {
    throw classify(error);
  } finally {
    deadline.stop();
  }
}
