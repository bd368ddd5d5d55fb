import { get } from 'node:http';
import type { ParameterFact } from '../parameters/avatar-parameters.ts';
import { PARAMETERS_PATH, readParameterTree } from './parameter-tree.ts';

/** Local, so an answer that takes longer is none. */
const TIMEOUT_MS = 500;
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/**
 * `gone`: nobody listens any more at a port that has answered. `unknown`: not configured, not reachable from here, or no answer that makes sense.
 * `parameters` are all that the present avatar has.
 */
export type OscQueryAnswer =
  | { readonly peer: 'gone' | 'unknown' }
  | { readonly peer: 'runs'; readonly parameters: ReadonlyMap<string, ParameterFact> };

export interface OscQuery {
  isConfigured(): boolean;
  /** All parameters of the avatar; never throws. */
  ask(signal?: AbortSignal): Promise<OscQueryAnswer>;
  /** VRChat is heard although the port is closed: it took another one at its start, and this one tells nothing. */
  distrust(): void;
}

interface Endpoint {
  readonly host: string;
  readonly port: number;
}

function fetchJson(
  { host, port }: Endpoint,
  path: string,
  signal: AbortSignal,
): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    // VRChat's HTTP listener answers to this Host only, whatever name led here.
    const request = get(
      { host, port, path, signal, agent: false, headers: { host: `127.0.0.1:${port}` } },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > MAX_ANSWER_BYTES)
            request.destroy(new Error(`the OSCQuery answer is larger than ${MAX_ANSWER_BYTES} bytes`));
          chunks.push(chunk);
        });
        response.on('error', reject);
        response.on('end', () => {
          try {
            resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString('utf8')) });
          } catch (error) {
            reject(error);
          }
        });
      },
    );
    request.on('error', reject);
  });
}

const isRefused = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';

/** VRChat's OSCQuery over HTTP at a configured port; optional, since its port changes with each run of VRChat. */
export function createOscQuery(endpoint: () => Endpoint | undefined): OscQuery {
  let hasAnswered = false;
  return {
    distrust() {
      hasAnswered = false;
    },
    isConfigured: () => endpoint() !== undefined,
    async ask(signal) {
      const where = endpoint();
      if (!where) return { peer: 'unknown' };
      const limit = AbortSignal.timeout(TIMEOUT_MS);
      try {
        const { status, body } = await fetchJson(
          where,
          PARAMETERS_PATH,
          signal ? AbortSignal.any([signal, limit]) : limit,
        );
        if (status !== 200) return { peer: 'unknown' };
        hasAnswered = true;
        return { peer: 'runs', parameters: readParameterTree(body) };
      } catch (error) {
        return { peer: hasAnswered && isRefused(error) ? 'gone' : 'unknown' };
      }
    },
  };
}
