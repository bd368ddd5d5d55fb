import { encodePcm, encodeWav } from '../audio/wav.ts';
import { modulate } from '../speech-signal/speech-signal.ts';
import { apiErrors } from './api-error.ts';
import { ApiErrorAnswer, type Exchange, type JsonObject, requireText } from './exchange.ts';
import { requireModel } from './models.ts';
import type { FaultEffect } from './provider-faults.ts';

/** Of OpenAI's speech, whatever the format. */
const SPEECH_SAMPLE_RATE = 24_000;
const MAX_INPUT_LENGTH = 4096;
/** OpenAI's, and `mika`, the voice of the demo's configuration. */
const VOICES = [
  ...['alloy', 'ash', 'ballad', 'cedar', 'coral', 'echo', 'fable', 'marin', 'nova', 'onyx', 'sage', 'shimmer', 'verse'],
  'mika',
];
const PART_BYTES = 16_384;

type SpeechFormat = 'wav' | 'pcm';
const CONTENT_TYPES: Record<SpeechFormat, string> = { wav: 'audio/wav', pcm: 'audio/pcm' };

/** Answers `POST /audio/speech` with audio that carries the text. @throws ApiErrorAnswer */
export function answerSpeech(
  { response }: Exchange,
  body: JsonObject,
  effect: FaultEffect | undefined,
  models: readonly string[],
): void {
  requireModel(models, requireText(body, 'model'));
  const input = requireText(body, 'input');
  const voice = requireText(body, 'voice');
  const format = readFormat(body['response_format']);
  if (input.length < 1 || input.length > MAX_INPUT_LENGTH) {
    throw new ApiErrorAnswer(
      apiErrors.invalid('input', `expected 1 to ${MAX_INPUT_LENGTH} characters, got ${input.length}.`),
    );
  }
  if (!VOICES.includes(voice)) {
    throw new ApiErrorAnswer(apiErrors.invalid('voice', `'${voice}' is not one of ${VOICES.join(', ')}.`));
  }
  response.writeHead(200, { 'content-type': CONTENT_TYPES[format] });
  const audio = effect?.type === 'empty' ? Buffer.alloc(0) : speak(input, format);
  // In parts of unannounced number, as it is made: what plays it must not wait for a length.
  for (let start = 0; start < audio.length; start += PART_BYTES)
    response.write(audio.subarray(start, start + PART_BYTES));
  response.end();
}

function speak(input: string, format: SpeechFormat): Buffer {
  const samples = modulate(input, SPEECH_SAMPLE_RATE);
  return format === 'pcm'
    ? encodePcm(samples)
    : encodeWav({ sampleRate: SPEECH_SAMPLE_RATE, samples }, { streamed: true });
}

/** @throws ApiErrorAnswer for the compressed formats: a simulator that cannot encode them says so rather than sending something else. */
function readFormat(format: unknown): SpeechFormat {
  if (format === 'wav' || format === 'pcm') return format;
  const asked = format === undefined ? "without it OpenAI sends 'mp3'" : `not '${String(format)}'`;
  throw new ApiErrorAnswer(apiErrors.invalid('response_format', `the simulator speaks 'wav' and 'pcm', ${asked}.`));
}
