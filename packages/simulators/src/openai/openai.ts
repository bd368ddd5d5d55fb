import { createServer } from 'node:http';
import { type ActiveFault, createFaultBoard, sameTargets } from '../faults/fault-board.ts';
import { faultsOf } from '../faults/fault-table.ts';
import { monotonicNow } from '../record/clock.ts';
import type { Simulator } from '../simulator.ts';
import { closeHttp, listenHttp } from '../sockets/listen-http.ts';
import { LOOPBACK } from '../sockets/loopback.ts';
import { createApiServer } from './api-server.ts';
import { DEFAULT_MODELS } from './models.ts';
import { createRequestLog, type RequestRecord } from './request-log.ts';

export interface OpenAiOptions {
  /** 0 takes any free one. */
  readonly port: number;
  /** Each is a provider of its own at `/NAME/v1`. */
  readonly providers: readonly string[];
  /** Models that all providers have; others answer 404 model_not_found. */
  readonly models?: readonly string[];
  readonly host?: string;
  /** Between two pieces of a streamed answer, ms. */
  readonly pieceIntervalMs?: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

export interface OpenAiState {
  readonly port: number;
  readonly models: readonly string[];
  readonly providers: Readonly<Record<string, { readonly baseUrl: string; readonly requests: number }>>;
  /** The newest requests, oldest first. */
  readonly requests: readonly RequestRecord[];
  readonly faults: readonly ActiveFault[];
}

export interface OpenAi extends Simulator<OpenAiState> {
  /** `http://127.0.0.1:PORT/PROVIDER/v1`: what an OpenAI client takes as its base URL. */
  baseUrl(provider: string): string;
}

/** About 80 pieces a second, as a fast model streams. */
const PIECE_INTERVAL_MS = 12;

/** Starts an OpenAI-compatible server with several providers. @throws PortUnavailableError */
export async function startOpenAi(options: OpenAiOptions): Promise<OpenAi> {
  const { host = LOOPBACK, now = monotonicNow, models = DEFAULT_MODELS, providers } = options;
  const faults = createFaultBoard({ targets: sameTargets(faultsOf('openai'), providers) });
  const log = createRequestLog(now);
  const server = createServer(
    createApiServer({
      providers,
      faults,
      log,
      chat: { models, now, pieceIntervalMs: options.pieceIntervalMs ?? PIECE_INTERVAL_MS },
    }),
  );
  const port = await listenHttp('The OpenAI server', server, host, options.port);
  const baseUrl = (provider: string): string => `http://${host}:${port}/${provider}/v1`;

  return {
    baseUrl,
    state: () => ({
      port,
      models,
      providers: Object.fromEntries(
        providers.map((provider) => [provider, { baseUrl: baseUrl(provider), requests: log.count(provider) }]),
      ),
      requests: log.entries(),
      faults: faults.active(),
    }),
    applyFault: faults.apply,
    clearFaults: faults.clear,
    async close() {
      faults.clear();
      await closeHttp(server);
    },
  };
}
