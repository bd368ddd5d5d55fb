const HOST = 'host.docker.internal';

/**
 * The commonest reason why a server on the same machine cannot be reached from a container (failures.md, F30).
 * @param errno with anything but a refused connection somebody listens there, and the address is right
 * @returns a sentence for the operator, or nothing for any other address
 */
export function loopbackHint(baseUrl: string, errno: string | undefined): string {
  const url = new URL(baseUrl);
  if (errno !== 'ECONNREFUSED' || !/^(localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)$/.test(url.hostname)) return '';
  url.hostname = HOST;
  const shown = url.toString().replace(/\/$/, '');
  return `In a container ${new URL(baseUrl).hostname} is the container itself: set base_url to ${shown}, and let the server listen on 0.0.0.0 (Ollama: OLLAMA_HOST, llama.cpp: --host). `;
}
