/** An error as the OpenAI API sends it. Sources: platform.openai.com/docs/guides/error-codes and bodies quoted in public threads. */
export interface ApiError {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string | null;
  };
}

/** Seconds after which a rate-limited caller may try again. */
const RATE_LIMIT_SECONDS = 2;

const invalidRequest = (status: number, message: string, param: string | null, code: string | null): ApiError => ({
  status,
  body: { message, type: 'invalid_request_error', param, code },
});

export const apiErrors = {
  missingKey: () =>
    invalidRequest(
      401,
      "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY). You can obtain an API key from https://platform.openai.com/account/api-keys.",
      null,
      null,
    ),
  badKey: (key: string) =>
    invalidRequest(
      401,
      `Incorrect API key provided: ${maskKey(key)}. You can find your API key at https://platform.openai.com/account/api-keys.`,
      null,
      'invalid_api_key',
    ),
  rateLimited: (model: string): ApiError => ({
    status: 429,
    headers: {
      'retry-after': String(RATE_LIMIT_SECONDS),
      'retry-after-ms': String(RATE_LIMIT_SECONDS * 1000),
      'x-ratelimit-limit-requests': '500',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': `${RATE_LIMIT_SECONDS}s`,
    },
    body: {
      message: `Rate limit reached for ${model} in organization org-understudy on requests per min (RPM): Limit 500, Used 500, Requested 1. Please try again in ${RATE_LIMIT_SECONDS}s. Visit https://platform.openai.com/account/rate-limits to learn more.`,
      type: 'requests',
      param: null,
      code: 'rate_limit_exceeded',
    },
  }),
  quotaExhausted: (): ApiError => ({
    status: 429,
    body: {
      message:
        'You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.',
      type: 'insufficient_quota',
      param: null,
      code: 'insufficient_quota',
    },
  }),
  unknownModel: (model: string) =>
    invalidRequest(
      404,
      `The model \`${model}\` does not exist or you do not have access to it.`,
      null,
      'model_not_found',
    ),
  contextTooLong: (tokens: number, limit: number) =>
    invalidRequest(
      400,
      `This model's maximum context length is ${limit} tokens. However, your messages resulted in ${tokens} tokens. Please reduce the length of the messages.`,
      'messages',
      'context_length_exceeded',
    ),
  unknownUrl: (method: string, path: string) => invalidRequest(404, `Invalid URL (${method} ${path})`, null, null),
  notAllowed: (method: string) =>
    invalidRequest(405, `Not allowed to ${method} on this resource.`, null, 'method_not_supported'),
  brokenJson: () =>
    invalidRequest(
      400,
      'We could not parse the JSON body of your request. (HINT: This likely means you aren’t using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)',
      null,
      null,
    ),
  missing: (param: string) =>
    invalidRequest(400, `Missing required parameter: '${param}'.`, param, 'missing_required_parameter'),
  invalid: (param: string, reason: string) =>
    invalidRequest(400, `Invalid '${param}': ${reason}`, param, 'invalid_value'),
  tooLarge: (bytes: number, limit: number) =>
    invalidRequest(413, `Maximum content size limit (${limit}) exceeded (${bytes} bytes read)`, null, null),
  serverError: (): ApiError => ({
    status: 500,
    body: {
      message: 'The server had an error while processing your request. Sorry about that!',
      type: 'server_error',
      param: null,
      code: null,
    },
  }),
  invalidAudio: (detail: string) =>
    invalidRequest(400, `Invalid file format. The simulator reads 16-bit PCM WAV: ${detail}`, 'file', null),
  audioTooShort: () =>
    invalidRequest(400, 'Audio file is too short. Minimum audio length is 0.1 seconds.', 'file', 'audio_too_short'),
} satisfies Record<string, (...facts: never[]) => ApiError>;

/** OpenAI shows the ends of a long key; a short one it does not repeat here, so that no log gets a whole key. */
function maskKey(key: string): string {
  return key.length > 12 ? `${key.slice(0, 3)}${'*'.repeat(key.length - 7)}${key.slice(-4)}` : '*'.repeat(key.length);
}
