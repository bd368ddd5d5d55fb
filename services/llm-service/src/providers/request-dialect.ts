import OpenAI from 'openai';

/** Old servers know only the first, new OpenAI models only the second. */
type TokenLimitField = 'max_tokens' | 'max_completion_tokens';
type Fields = (maxTokens: number) => Record<string, unknown>;

/** What a server refuses of a request, by the field that it names: `param`, or in words (Mistral's 422, Databricks' and Azure's 400). */
function refusedField(error: unknown): 'stream_options' | TokenLimitField | undefined {
  if (!(error instanceof OpenAI.BadRequestError) && !(error instanceof OpenAI.UnprocessableEntityError))
    return undefined;
  if (/stream_options|include_usage/.test(`${error.param} ${error.message}`)) return 'stream_options';
  if (error.code !== 'unsupported_parameter') return undefined;
  return error.param === 'max_tokens' || error.param === 'max_completion_tokens' ? error.param : undefined;
}

/** How one server wants to be asked; learnt from what it refuses, and kept. Each field is given up once. */
export function createRequestDialect() {
  let tokenLimit: TokenLimitField = 'max_tokens';
  let wantsUsage = true;
  const fields: Fields = (maxTokens) => ({
    [tokenLimit]: maxTokens,
    ...(wantsUsage ? { stream_options: { include_usage: true } } : {}),
  });
  const learn = (error: unknown): boolean => {
    const refused = refusedField(error);
    if (refused === 'stream_options' && wantsUsage) {
      wantsUsage = false;
      return true;
    }
    if (refused !== tokenLimit) return false;
    tokenLimit = tokenLimit === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
    return true;
  };

  return {
    /** @throws what the last request threw */
    async ask<T>(request: (fields: Fields) => PromiseLike<T>): Promise<T> {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await request(fields);
        } catch (error) {
          if (attempt > 2 || !learn(error)) throw error;
        }
      }
    },
  };
}
