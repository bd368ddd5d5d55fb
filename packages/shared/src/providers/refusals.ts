import type { ProviderFailure } from './provider-failure.ts';

/** One of these is the code or the type of the error body. */
export const isNamed = ({ code, type }: ProviderFailure, ...names: readonly string[]): boolean =>
  names.includes(code ?? '') || names.includes(type ?? '');

export const hasStatus = ({ status }: ProviderFailure, ...wanted: readonly number[]): boolean =>
  wanted.includes(status ?? 0);

/** Gemini says "quota" of its rates too; a limit of none is never renewed. */
const NO_QUOTA = /quota exceeded for metric: \S+, limit: 0\b/i;
const FILTERED = /rejected as a result of our safety|flagged as potentially|your input was flagged|for safety reasons/i;
/** A 404 may also be a wrong path ("File Not Found" of llama.cpp, "Invalid URL" of OpenAI): then base_url is to be corrected. */
const NO_SUCH_MODEL =
  /\bmodel\b.*\b(not found|does not exist|not exist)|no models? loaded|not a valid model|invalid model|no endpoints found/i;
const BAD_KEY_WORDS = /api key not valid|(invalid|incorrect) api key/i;

/** Credit or quota is used up. Some send that as 401 or 400, OpenAI as 429: the body's word goes before the status. */
export const isQuotaSpent = (failure: ProviderFailure): boolean =>
  hasStatus(failure, 402) ||
  NO_QUOTA.test(failure.text) ||
  isNamed(
    failure,
    'insufficient_quota',
    'quota_exceeded',
    'billing_hard_limit_reached',
    'billing_not_active',
    'insufficient_balance',
  );

/** The provider does not want to treat this text. */
export const isContentFiltered = (failure: ProviderFailure): boolean =>
  isNamed(
    failure,
    'content_filter',
    'content_policy_violation',
    'ResponsibleAIPolicyViolation',
    'moderation_blocked',
  ) ||
  (hasStatus(failure, 400, 403) && FILTERED.test(failure.text));

export const isModelUnknown = (failure: ProviderFailure): boolean =>
  isNamed(failure, 'model_not_found', 'model_decommissioned', 'invalid_model') ||
  (hasStatus(failure, 400, 404) && failure.hasErrorBody && NO_SUCH_MODEL.test(failure.text));

/** Ask the three above first: their words come under these statuses too. A bare 403 is a proxy's. */
export const isKeyRefused = (failure: ProviderFailure): boolean =>
  hasStatus(failure, 401) ||
  (hasStatus(failure, 403) && failure.hasErrorBody) ||
  isNamed(failure, 'invalid_api_key', 'authentication_error', 'account_deactivated') ||
  (hasStatus(failure, 400) && BAD_KEY_WORDS.test(failure.text));
