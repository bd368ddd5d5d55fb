import { createValidator } from '@understudy/shared/contracts';
import { type ApiKey, describeAnswer, describeUnreachable, readProviderFailure } from '@understudy/shared/providers';
import OpenAI from 'openai';
import Type from 'typebox';

/** Judges one sentence. @throws when it gives no judgement within the signal's time; the message is the end of "the service ..." */
export type AskModeration = (sentence: string, signal: AbortSignal) => Promise<'fine' | 'flagged'>;

/** What we read of it; servers add much. */
const JudgementSchema = Type.Object({ results: Type.Array(Type.Object({ flagged: Type.Boolean() }), { minItems: 1 }) });
const validate = createValidator(JudgementSchema);

/** Its own words are left out: they may repeat the key, or the sentence. */
function describeFailure(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'did not answer in time';
  const failure = readProviderFailure(error, false, 0);
  return failure.stage === 'before_answer' ? describeUnreachable(failure) : describeAnswer(failure);
}

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
    if (!key.ok) throw new Error(`cannot be asked: ${key.reason}`);
    const body = { input: sentence, ...(model === undefined ? {} : { model }) };
    const answer: unknown = await client.moderations.create(body, { signal }).catch((error: unknown) => {
      throw new Error(describeFailure(error, signal));
    });
    const checked = validate(answer);
    if (!checked.ok) throw new Error(`answered something else: ${checked.reason}`);
    return checked.value.results.some(({ flagged }) => flagged) ? 'flagged' : 'fine';
  };
}
