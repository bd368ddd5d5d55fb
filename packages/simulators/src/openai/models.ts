import { apiErrors } from './api-error.ts';
import { ApiErrorAnswer } from './exchange.ts';

/** Models that a simulated provider has unless told otherwise. */
export const DEFAULT_MODELS: readonly string[] = [
  // What the demo's configuration names: it can do everything.
  'simulated',
  'gpt-4o-mini',
  'gpt-4o',
  'gpt-4.1-mini',
  'gpt-4.1',
  'gpt-4o-mini-transcribe',
  'gpt-4o-transcribe',
  'whisper-1',
  'gpt-4o-mini-tts',
  'tts-1',
  'tts-1-hd',
];

/** Unix seconds; OpenAI gives each model's own, clients only need a number. */
const CREATED = 1_721_172_741;

export const describeModel = (id: string) => ({ id, object: 'model', created: CREATED, owned_by: 'system' });

export const listModels = (models: readonly string[]) => ({ object: 'list', data: models.map(describeModel) });

/** @throws ApiErrorAnswer 404 model_not_found. */
export function requireModel(models: readonly string[], model: string): void {
  if (!models.includes(model)) throw new ApiErrorAnswer(apiErrors.unknownModel(model));
}
