export { type ApiKey, findApiKey } from './api-key.ts';
export { parseRetryAfter } from './retry-after.ts';
