import { randomUUID } from 'node:crypto';
import { type InputRequest, InputRequestSchema, InputResponseSchema } from '@understudy/shared/contracts';
import { requireWords, type ServiceContext } from '@understudy/shared/service';
import { withSpan } from '@understudy/shared/telemetry';
import type { FastifyInstance } from 'fastify';
import type { TurnAnswering } from './answer-turn.ts';

/** Both put the reply where viewers get it. */
const SINKS = ['osc-bridge', 'audio-gateway'] as const;

/** `POST /v1/input`: what a viewer writes. A failing bot answers 200 with its fallback; 4xx is the caller's mistake. */
export function inputRoute(
  { name, config }: Pick<ServiceContext, 'name' | 'config'>,
  { answer }: TurnAnswering,
): (app: FastifyInstance) => void {
  return (app) => {
    const schema = {
      summary: 'Say something to the bot',
      body: InputRequestSchema,
      response: { 200: InputResponseSchema },
    };
    app.post<{ Body: InputRequest }>('/v1/input', { schema, preHandler: requireWords }, ({ body }) =>
      withSpan('audio-gateway.input', { kind: 'server' }, () =>
        answer(
          {
            ...body,
            turnId: randomUUID(),
            seq: 0,
            final: true,
            budgetMs: config().turn.budget_ms,
            from: name,
            source: 'text',
          },
          SINKS,
        ),
      ),
    );
  };
}
