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

/** A secret that the configuration names, by a variable or by a file. */
interface NamedSecret {
  /** Whose it is, for people. */
  readonly of: string;
  readonly field: 'api_key' | 'password';
  readonly variable: string | undefined;
  readonly file: string | undefined;
}

type KeySettings = { readonly api_key_env?: string; readonly api_key_file?: string };
type Provider = KeySettings & { readonly name: string };

const apiKey = (of: string, { api_key_env: variable, api_key_file: file }: KeySettings): NamedSecret => ({
  of,
  field: 'api_key',
  variable,
  file,
});
const apiKeys = (where: string, providers: readonly Provider[]): NamedSecret[] =>
  providers.map((provider) => apiKey(`${where} provider ${provider.name}`, provider));

/** Which service needs which: only those that the configuration names. */
function namedSecrets({ llm, audio, vision }: ResolvedConfig): Partial<Record<ServiceName, readonly NamedSecret[]>> {
  const { endpoint } = llm.moderation;
  const { source } = vision;
  return {
    'llm-service': [
      ...apiKeys('llm', llm.providers),
      ...(endpoint ? [apiKey('the moderation service', endpoint)] : []),
    ],
    'audio-gateway': [
      ...apiKeys('transcription', audio.transcription.providers),
      ...apiKeys('speech', audio.speech.providers),
    ],
    'cv-service':
      source.kind === 'obs'
        ? [{ of: 'OBS', field: 'password', variable: source.password_env, file: source.password_file }]
        : [],
  };
}

export function providerKeys(config: ResolvedConfig, secrets: OperatorSecrets): ProviderKeys {
  const warnings: string[] = [];
  const keyOf = ({ of, field, variable, file }: NamedSecret): string[] => {
    if (variable !== undefined && file === undefined) {
      warnings.push(
        `${of}: ${field}_env ${variable} is not seen inside a container; put it into a file of secrets/ and write ${field}_file: secrets/NAME`,
      );
      return [];
    }
    if (file === undefined) return [];
    const key = basename(file);
    if (dirname(file) === 'secrets' && secrets.has(key)) return [key];
    warnings.push(
      dirname(file) === 'secrets'
        ? `${of}: there is no ${file}, or it is empty; put it there and run docker compose up again`
        : `${of}: ${file} is not seen inside a container; move it to secrets/${key} and write ${field}_file: secrets/${key}`,
    );
    return [];
  };
  const keys = Object.fromEntries(
    Object.entries(namedSecrets(config)).map(([service, named]) => [service, named.flatMap(keyOf)]),
  );
  return { keys, warnings };
}
