import { readFileSync } from 'node:fs';
import type { VoiceProvider } from '@understudy/shared/config';
import { ServiceError } from '@understudy/shared/errors';
import { findApiKey } from '@understudy/shared/providers';
import { registerSecret } from '@understudy/shared/telemetry';
import OpenAI from 'openai';
import type { VoiceTask } from './classify-voice-failure.ts';

/** The provider's key, registered so that no log shows it. @throws ServiceError ..._ACCOUNT with the place */
export function readApiKey(task: VoiceTask, provider: VoiceProvider, env = process.env): string {
  const found = findApiKey(provider, { env, readFile: (path) => readFileSync(path, 'utf8') });
  if (!found.ok) {
    throw new ServiceError(`${task}_ACCOUNT`, `Provider ${provider.name} has no key: ${found.reason}; put it there`, {
      subject: provider.name,
      context: { provider: provider.name },
    });
  }
  if (found.isSecret) registerSecret(found.key);
  return found.key;
}

/** Retries are the chain's matter, limits of time those of each call. @throws ServiceError when its key is missing */
export function createVoiceClient(task: VoiceTask, provider: VoiceProvider): OpenAI {
  return new OpenAI({
    baseURL: provider.base_url,
    apiKey: readApiKey(task, provider),
    maxRetries: 0,
    logLevel: 'off',
  });
}
