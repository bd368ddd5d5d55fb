import { createValidator } from '@understudy/shared/contracts';
import type { ApiKey } from '@understudy/shared/providers';
import OpenAI from 'openai';
import Type from 'typebox';

/** Judges one sentence. @throws when it gives no judgement within the signal's time */
export type AskModeration = (sentence: string, signal: AbortSignal) => Promise<'fine' | 'flagged'>;

/** What we read of it; servers add much. */
const JudgementSchema = Type.Object({ results: Type.Array(Type.Object({ flagged: Type.Boolean() }), { minItems: 1 }) });
const validate = createValidator(JudgementSchema);

/** `POST /moderations` as OpenAI has it. */
export function createModerationService(
  { base_url, model }: { readonly base_url: string; readonly model?: string },
  key: ApiKey,
): AskModeration {
  const client = new OpenAI({
    baseURL: base_url,
    apiKey: key.ok ? key.key : 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    maxRetries: 0,
    logLevel: 'off',
  });
  return async (sentence, signal) => {
    if (!key.ok) throw new Error(key.reason);
    const body = { input: sentence, ...(model === undefined ? {} : { model }) };
    const checked = validate(await client.moderations.create(body, { signal }));
    if (!checked.ok) throw new Error(`it answered something else: ${checked.reason}`);
    return checked.value.results.some(({ flagged }) => flagged) ? 'flagged' : 'fine';
  };
}
