import type { LlmProvider } from '../config/index.ts';

/** Local servers want none, but the client refuses an empty one (protocols.md, section 6). */
const NO_KEY = 'none';

/** `isSecret`: somebody's own, to be kept out of logs. */
export type ApiKey =
  | { readonly ok: true; readonly key: string; readonly isSecret: boolean }
  | { readonly ok: false; readonly reason: string };

interface KeySources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** @throws when the file cannot be read */
  readonly readFile: (path: string) => string;
}

/** A named key that cannot be had is no reason to stop: the provider is out, and the next one answers. */
export function findApiKey(settings: Pick<LlmProvider, 'api_key_env' | 'api_key_file'>, sources: KeySources): ApiKey {
  if (settings.api_key_file !== undefined) {
    try {
      const key = sources.readFile(settings.api_key_file).trim();
      return key === ''
        ? { ok: false, reason: `the file ${settings.api_key_file} is empty` }
        : { ok: true, key, isSecret: true };
    } catch {
      return { ok: false, reason: `the file ${settings.api_key_file} cannot be read` };
    }
  }
  if (settings.api_key_env !== undefined) {
    const key = sources.env[settings.api_key_env]?.trim();
    return key
      ? { ok: true, key, isSecret: true }
      : { ok: false, reason: `the variable ${settings.api_key_env} is not set` };
  }
  return { ok: true, key: NO_KEY, isSecret: false };
}
