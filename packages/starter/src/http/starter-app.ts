import type { ResolvedConfig } from '@understudy/shared/config';
import { FAULTS, type FaultRequest, FaultRequestSchema } from '@understudy/shared/contracts';
import { createHttpApp, VERSION } from '@understudy/shared/service';

export type ServerFault = 'nats_down' | 'redis_down';

export interface StarterAppOptions {
  readonly http: ResolvedConfig['http'];
  readonly token: string;
  readonly faults: boolean;
  readonly notReady: () => string | undefined;
  /** @throws Error in plain words when it cannot */
  readonly injectFault: (fault: ServerFault, durationMs: number) => void;
}

export const isServerFault = (fault: string): fault is ServerFault => fault === 'nats_down' || fault === 'redis_down';

/** The starter's own HTTP side: liveness, and the faults of the servers that it owns, where faults are switched on. */
export async function createStarterApp({ http, token, faults, notReady, injectFault }: StarterAppOptions) {
  const app = await createHttpApp({
    service: 'starter',
    version: VERSION,
    rules: () => ({ allowedHosts: http.allowed_hosts, allowedOrigins: http.allowed_origins, token }),
    notReady,
  });
  if (!faults) return app;
  const options = { schema: { body: FaultRequestSchema }, config: { needsToken: true } };
  app.post<{ Body: FaultRequest }>('/v1/faults', options, async (request, reply) => {
    const { fault, durationMs } = request.body;
    const refuse = (message: string) => reply.code(409).send({ statusCode: 409, error: 'FAULT_REFUSED', message });
    if (!isServerFault(fault)) return refuse(`${fault} belongs to ${ownerOf(fault)}; send it there`);
    try {
      injectFault(fault, durationMs);
    } catch (error) {
      return refuse(error instanceof Error ? error.message : String(error));
    }
    return { injected: fault, durationMs };
  });
  return app;
}

const ownerOf = (fault: string): string =>
  Object.entries(FAULTS).find(([name]) => name === fault)?.[1].owner ?? 'the service that is to suffer it';
