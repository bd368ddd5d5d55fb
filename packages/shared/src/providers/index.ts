export { isInContainer } from '../config/in-this-mode.ts';
export { type ApiKey, findApiKey } from './api-key.ts';
export { loopbackHint } from './container-loopback.ts';
export { describeAnswer, describeUnreachable, describeUnusable } from './describe-failure.ts';
export { isOutOfMemory } from './out-of-memory.ts';
export { type ProviderFailure, readProviderFailure } from './provider-failure.ts';
export { hasStatus, isContentFiltered, isKeyRefused, isModelUnknown, isNamed, isQuotaSpent } from './refusals.ts';
export { parseRetryAfter } from './retry-after.ts';
