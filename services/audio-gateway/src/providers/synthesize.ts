import type { VoiceProvider } from '@understudy/shared/config';
import { ServiceError } from '@understudy/shared/errors';
import type { Clock } from '@understudy/shared/service';
import type OpenAI from 'openai';
import { decodePcm16 } from '../audio/wav.ts';
import type { Speech } from '../devices/audio-sink.ts';
import { classifyVoiceFailure } from './classify-voice-failure.ts';
import { createDeadline, type Deadline } from './deadline.ts';
import { readVoiceFailure } from './read-voice-failure.ts';

/** `pcm` of the OpenAI API: 24 kHz, 16 bit, mono. */
const PCM_RATE_HZ = 24_000;
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
 * @throws ServiceError SPEECH_TIMEOUT, SPEECH_FAILED, SPEECH_EMPTY or SPEECH_ACCOUNT
 */
export async function synthesize(call: SpeechCall): Promise<Speech> {
  const { client, provider, text, clock } = call;
  const deadline = createDeadline(clock, call.firstByteTimeoutMs, call.signal);
  const classify = (error: unknown) =>
    classifyVoiceFailure('SPEECH', provider.name, readVoiceFailure(error, deadline.isOver(), clock.now()), error);
  try {
    const response = await client.audio.speech.create(
      { model: provider.model, voice: provider.voice ?? DEFAULT_VOICE, input: text, response_format: 'pcm' },
      { signal: deadline.signal },
    );
    refuseText(response, provider);
    const pieces = pcmPieces(response, deadline);
    const first = await pieces.next();
    if (first.done) {
      throw new ServiceError(
        'SPEECH_EMPTY',
        `Provider ${provider.name} sent no audio; try another voice in audio.speech`,
        {
          subject: provider.name,
          context: { provider: provider.name },
        },
      );
    }
    return { sampleRate: PCM_RATE_HZ, pieces: resume(first.value, pieces, deadline, classify) };
  } catch (error) {
    deadline.stop();
    throw classify(error);
  }
}

/** A proxy's page or an error with status 200 would be played as noise. */
function refuseText(response: Response, provider: VoiceProvider): void {
  const contentType = response.headers.get('content-type') ?? '';
  if (!/^(text\/|application\/json)/i.test(contentType)) return;
  const failure = { kind: 'other', reason: `sent ${contentType} instead of audio` } as const;
  throw classifyVoiceFailure('SPEECH', provider.name, failure);
}

/** Whole samples from pieces of bytes that may end in the middle of one. */
async function* pcmPieces(response: Response, deadline: Deadline): AsyncGenerator<Float32Array, undefined> {
  let rest = Buffer.alloc(0);
  for await (const bytes of response.body ?? []) {
    deadline.restart();
    const all = Buffer.concat([rest, bytes]);
    const whole = all.length - (all.length % 2);
    rest = all.subarray(whole);
    if (whole > 0) yield decodePcm16(all.subarray(0, whole));
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
