import { SUPERVISED_SERVICES, type SupervisedService } from '@understudy/shared/contracts';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { OperatorActions } from '../operator-actions.ts';

const OutcomeSchema = Type.Object({ ok: Type.Boolean(), detail: Type.String() });
const EmptyBody = Type.Object({}, { additionalProperties: false });
const token = { needsToken: true };

/** What changes the bot: each wants the token. */
export function actionRoutes(app: FastifyInstance, actions: OperatorActions): void {
  app.post<{ Params: { service: SupervisedService } }>(
    '/v1/services/:service/resume',
    {
      config: token,
      schema: {
        summary: 'End the parking of a service',
        params: Type.Object({ service: Type.Enum([...SUPERVISED_SERVICES]) }),
        body: EmptyBody,
        response: { 200: OutcomeSchema },
      },
    },
    async (request) => actions.resume(request.params.service),
  );
  app.post(
    '/v1/reload',
    {
      config: token,
      schema: {
        summary: 'Read the configuration again, everywhere',
        body: EmptyBody,
        response: { 200: Type.Record(Type.String(), OutcomeSchema) },
      },
    },
    async () => actions.reload(),
  );
  app.post<{ Params: { id: string } }>(
    '/v1/incidents/:id/acknowledge',
    { config: token, schema: { summary: 'Somebody has seen it', body: EmptyBody } },
    async (request, reply) => {
      if (await actions.acknowledge(request.params.id)) return { acknowledged: request.params.id };
      return reply
        .code(404)
        .send({ statusCode: 404, error: 'NOT_FOUND', message: `There is no open incident ${request.params.id}` });
    },
  );
}
