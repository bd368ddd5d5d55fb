import { createValidator } from '@understudy/shared/contracts';
import Type from 'typebox';

/** It listens on the same machine, mostly, and answers from memory. */
const LIMIT_MS = 2000;

const validate = createValidator(
  Type.Object({
    models: Type.Array(
      Type.Object({
        name: Type.String(),
        context_length: Type.Optional(Type.Integer({ minimum: 1, maximum: 1e9 })),
      }),
    ),
  }),
);

/** A model without a tag has `latest`. */
const withTag = (model: string): string => (model.includes(':') ? model : `${model}:latest`);

/**
 * How many tokens Ollama has loaded a model for. Its `/v1` neither says nor takes that.
 * @returns `undefined`: it does not say (0.6 did not), or has just unloaded the model
 * @throws when it does not answer
 */
export async function askOllamaContext(baseUrl: string, model: string): Promise<number | undefined> {
  const url = new URL('api/ps', baseUrl.replace(/\/*$/, ''));
  const response = await fetch(url, { signal: AbortSignal.timeout(LIMIT_MS) });
  const loaded = validate(await response.json());
  if (!loaded.ok) return undefined;
  return loaded.value.models.find(({ name }) => name === withTag(model))?.context_length;
}
