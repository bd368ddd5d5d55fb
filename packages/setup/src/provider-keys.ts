import { basename, dirname } from 'node:path';
import type { ResolvedConfig } from '@understudy/shared/config';
import type { ServiceName } from '@understudy/shared/contracts';
import type { OperatorSecrets } from './operator-secrets.ts';

/** `keys`: the files of `secrets/` that one service may read, and no other. */
export interface ProviderKeys {
  readonly keys: Readonly<Partial<Record<ServiceName, readonly string[]>>>;
  /** What will not work in a container, and the remedy. */
  readonly warnings: readonly string[];
}

type KeySettings = { readonly name: string; readonly api_key_env?: string; readonly api_key_file?: string };

/** Which provider's key goes to which service: only those that the configuration names. */
export function providerKeys({ llm, audio }: ResolvedConfig, secrets: OperatorSecrets): ProviderKeys {
  const warnings: string[] = [];
  const keyOf = (where: string, { name, api_key_env: variable, api_key_file: file }: KeySettings): string[] => {
    const provider = `${where} provider ${name}`;
    if (variable !== undefined && file === undefined) {
      warnings.push(
        `${provider}: api_key_env ${variable} is not seen inside a container; put the key into a file of secrets/ and write api_key_file: secrets/NAME`,
      );
      return [];
    }
    if (file === undefined) return [];
    const key = basename(file);
    if (dirname(file) === 'secrets' && secrets.has(key)) return [key];
    warnings.push(
      dirname(file) === 'secrets'
        ? `${provider}: there is no ${file}, or it is empty; put the key into it and run docker compose up again`
        : `${provider}: ${file} is not seen inside a container; move the key to secrets/${key} and write api_key_file: secrets/${key}`,
    );
    return [];
  };
  const keysOf = (where: string, providers: readonly KeySettings[]) => providers.flatMap((row) => keyOf(where, row));
  const keys = {
    'llm-service': keysOf('llm', llm.providers),
    'audio-gateway': [
      ...keysOf('transcription', audio.transcription.providers),
      ...keysOf('speech', audio.speech.providers),
    ],
  };
  return { keys, warnings };
}
