import { get } from 'node:http';
import type { ParameterFact } from '../parameters/avatar-parameters.ts';
import { PARAMETERS_PATH, readParameterTree } from './parameter-tree.ts';

/** Local, so an answer that takes longer is none. */
const TIMEOUT_MS = 500;
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

const HOST_INFO_PATH = '/?HOST_INFO';

/**
 * `gone`: nobody listens any more at a port that has answered. `unknown`: not configured, not reachable from here, or no answer that makes sense.
 * `parameters` are all that the present avatar has.
 */
export type OscQueryAnswer =
  | { readonly peer: 'gone' | 'unknown' }
  | { readonly peer: 'runs'; readonly parameters: ReadonlyMap<string, ParameterFact> };

export interface OscQuery {
  /** All parameters of the avatar; never throws. */
  ask(signal?: AbortSignal): Promise<OscQueryAnswer>;
  /**
   * The UDP port on which VRChat says that it receives, asked once per run of VRChat; undefined before it was told. Its
   * OSC_IP is not read: it may be that of a network that leads nowhere (vrchat-community/osc#165).
   */
  advertisedPort(): number | undefined;
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

function readOscPort(body: unknown): number | undefined {
  if (typeof body !== 'object' || body === null || !('OSC_PORT' in body)) return undefined;
  const port = body.OSC_PORT;
  return typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : undefined;
}

/** What is known of the server at one endpoint; with another port it is another run of VRChat. */
interface KnownServer {
  readonly key: string;
  readonly hasAnswered: boolean;
  readonly hostInfo: { readonly oscPort: number | undefined } | undefined;
}

/** VRChat's OSCQuery over HTTP; optional, since its port changes with each run of VRChat and it listens on loopback only. */
export function createOscQuery(endpoint: () => Endpoint | undefined, timeoutMs = TIMEOUT_MS): OscQuery {
  let known: KnownServer | undefined;

  const fresh = (key: string): KnownServer => ({ key, hasAnswered: false, hostInfo: undefined });
  const askHostInfo = async (where: Endpoint, signal: AbortSignal): Promise<KnownServer['hostInfo']> => {
    try {
      return { oscPort: readOscPort((await fetchJson(where, HOST_INFO_PATH, signal)).body) };
    } catch {
      // The next answer is another chance; nothing waits for it.
      return undefined;
    }
  };
  return {
    distrust() {
      known = undefined;
    },
    advertisedPort: () => known?.hostInfo?.oscPort,
    async ask(signal) {
      const where = endpoint();
      if (!where) return { peer: 'unknown' };
      const key = `${where.host}:${where.port}`;
      const before = known?.key === key ? known : fresh(key);
      known = before;
      const limit = AbortSignal.timeout(timeoutMs);
      const either = signal ? AbortSignal.any([signal, limit]) : limit;
      try {
        const { status, body } = await fetchJson(where, PARAMETERS_PATH, either);
        if (status !== 200) return { peer: 'unknown' };
        known = { key, hasAnswered: true, hostInfo: before.hostInfo ?? (await askHostInfo(where, either)) };
        return { peer: 'runs', parameters: readParameterTree(body) };
      } catch (error) {
        return { peer: before.hasAnswered && isRefused(error) ? 'gone' : 'unknown' };
      }
    },
  };
}
