import { decodeWav, type WavAudio, WavFormatError } from '../audio/wav.ts';
import { demodulateAll } from '../speech-signal/speech-signal.ts';
import { apiErrors } from './api-error.ts';
import { ApiErrorAnswer, type Exchange, readBody, sendJson } from './exchange.ts';
import { requireModel } from './models.ts';

const MIN_SECONDS = 0.1;
const FORMATS = ['json', 'text', 'verbose_json'] as const;

export interface Transcript {
  readonly model: string;
  readonly text: string;
}

/** Answers `POST /audio/transcriptions`: hears the text in the uploaded WAV. @throws ApiErrorAnswer */
export async function answerTranscription(exchange: Exchange, models: readonly string[]): Promise<Transcript> {
  const form = await readForm(exchange);
  const model = textField(form, 'model');
  if (model === undefined) throw new ApiErrorAnswer(apiErrors.missing('model'));
  requireModel(models, model);
  const format = readFormat(textField(form, 'response_format') ?? 'json');
  const audio = await readAudio(form);
  const seconds = audio.samples.length / audio.sampleRate;
  if (seconds < MIN_SECONDS) throw new ApiErrorAnswer(apiErrors.audioTooShort());
  const utterances = demodulateAll(audio.samples, audio.sampleRate);
  const text = utterances.map((utterance) => utterance.text).join(' ');
  switch (format) {
    case 'text':
      exchange.response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
      break;
    case 'json':
      sendJson(exchange, { text, usage: { type: 'duration', seconds: Math.ceil(seconds) } });
      break;
    case 'verbose_json':
      sendJson(exchange, {
        task: 'transcribe',
        language: 'english',
        duration: seconds,
        text,
        segments: utterances.map((utterance, id) => ({
          id,
          start: utterance.start / audio.sampleRate,
          end: utterance.end / audio.sampleRate,
          text: utterance.text,
        })),
      });
  }
  return { model, text };
}

async function readForm(exchange: Exchange): Promise<FormData> {
  const contentType = exchange.request.headers['content-type'] ?? '';
  const body = await readBody(exchange);
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  } catch {
    throw new ApiErrorAnswer(apiErrors.invalid('body', 'expected multipart/form-data.'));
  }
}

function textField(form: FormData, name: string): string | undefined {
  const value = form.get(name);
  return typeof value === 'string' ? value : undefined;
}

function readFormat(format: string): (typeof FORMATS)[number] {
  const known = FORMATS.find((name) => name === format);
  if (!known) {
    throw new ApiErrorAnswer(
      apiErrors.invalid('response_format', `the simulator writes ${FORMATS.join(', ')}, not '${format}'.`),
    );
  }
  return known;
}

async function readAudio(form: FormData): Promise<WavAudio> {
  const file = form.get('file');
  if (file === null || typeof file === 'string') throw new ApiErrorAnswer(apiErrors.missing('file'));
  // OpenAI tells the format by the extension.
  if (!/\.wav$/i.test(file.name)) throw new ApiErrorAnswer(apiErrors.invalidAudio(`the file is named '${file.name}'.`));
  try {
    return decodeWav(Buffer.from(await file.arrayBuffer()));
  } catch (error) {
    if (error instanceof WavFormatError) throw new ApiErrorAnswer(apiErrors.invalidAudio(error.message));
    throw error;
  }
}
