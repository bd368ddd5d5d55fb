import { readFileSync } from 'node:fs';
import type { VoiceProvider } from '@understudy/shared/config';
import { ServiceError } from '@understudy/shared/errors';
import { registerSecret } from '@understudy/shared/telemetry';
import OpenAI from 'openai';
import type { VoiceTask } from './classify-voice-failure.ts';

/** Local servers want no key, but the client refuses an empty one. */
const NO_KEY = 'none';

/** The key by file, else by environment; registered so that no log shows it. @throws ServiceError ..._ACCOUNT with the place */
export function readApiKey(task: VoiceTask, provider: VoiceProvider, environment = process.env): string {
  const { name, api_key_file, api_key_env } = provider;
  if (api_key_file === undefined && api_key_env === undefined) return NO_KEY;
  const [place, key] =
    api_key_file === undefined
      ? [`the environment variable ${api_key_env}`, environment[api_key_env ?? '']]
      : [`the file ${api_key_file}`, readKeyFile(api_key_file)];
  if (key === undefined || key.trim() === '') {
    throw new ServiceError(
      `${task}_ACCOUNT`,
      `Provider ${name} has no key: ${place} cannot be read or is empty; put it there`,
      {
        subject: name,
        context: { provider: name, place },
      },
    );
  }
  registerSecret(key.trim());
  return key.trim();
}

function readKeyFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
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
