import { existsSync } from 'node:fs';

/** Docker's mark; the compose file names the hosts of the other parts. */
export const isInContainer = (env: Readonly<Record<string, string | undefined>>): boolean =>
  existsSync('/.dockerenv') || (env['UNDERSTUDY_HOSTS'] ?? '') !== '';

/**
 * The commonest reason why a server on the same machine cannot be reached from a container (failures.md, F30).
 * @returns a sentence for the operator, or nothing for any other address
 */
export function loopbackHint(baseUrl: string): string {
  const url = new URL(baseUrl);
  if (!/^(localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)$/.test(url.hostname)) return '';
  url.hostname = 'host.docker.internal';
  const shown = url.toString().replace(/\/$/, '');
  return `In a container ${new URL(baseUrl).hostname} is the container itself: set base_url to ${shown}, and let the server listen on 0.0.0.0 (Ollama: OLLAMA_HOST, llama.cpp: --host). `;
}
