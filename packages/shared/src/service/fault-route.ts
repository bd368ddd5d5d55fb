import type { FastifyInstance } from 'fastify';
import { type FaultRequest, FaultRequestSchema } from '../contracts/index.ts';
import type { Logger, Metrics } from '../telemetry/index.ts';
import type { Faults } from './faults.ts';

/** `POST /v1/faults`; exists only where faults are switched on. */
export function faultRoute(app: FastifyInstance, faults: Faults, logger: Logger, metrics: Pick<Metrics, 'inc'>): void {
  app.post<{ Body: FaultRequest }>(
    '/v1/faults',
    { schema: { summary: 'Breaks something on purpose', body: FaultRequestSchema }, config: { needsToken: true } },
    async (request, reply) => {
      const { fault, durationMs } = request.body;
      try {
        await faults.inject(request.body);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return reply.code(409).send({ statusCode: 409, error: 'FAULT_REFUSED', message });
      }
      metrics.inc('understudy_faults_injected_total', { fault });
      logger.warning('Fault injected', { context: { ...request.body } });
      return { injected: fault, durationMs };
    },
  );
}
