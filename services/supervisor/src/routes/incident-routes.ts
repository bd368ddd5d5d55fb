import { INCIDENT_STATES, IncidentSchema, type IncidentState } from '@understudy/shared/contracts';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { IncidentStore } from '../record/incident-store.ts';
import { tellStory } from '../record/incident-story.ts';

const QuerySchema = Type.Object(
  {
    error: Type.Optional(Type.String({ description: 'Only the incidents to which this error belongs.' })),
    state: Type.Optional(Type.Enum([...INCIDENT_STATES])),
    limit: Type.Optional(Type.String({ pattern: '^[0-9]{1,4}$', description: 'At most so many; 100 unless told.' })),
  },
  { additionalProperties: false },
);
const ListSchema = Type.Object({ incidents: Type.Array(IncidentSchema) });
const StorySchema = Type.Object({
  incident: IncidentSchema,
  story: Type.Array(Type.Object({ at: Type.String(), type: Type.String(), text: Type.String() })),
});
const NotFoundSchema = Type.Object({ statusCode: Type.Integer(), error: Type.String(), message: Type.String() });

interface Query {
  error?: string;
  state?: IncidentState;
  limit?: string;
}

export function incidentRoutes(app: FastifyInstance, store: IncidentStore): void {
  app.get<{ Querystring: Query }>(
    '/v1/incidents',
    {
      schema: {
        summary: 'Incidents: what is open, then by when it last began',
        querystring: QuerySchema,
        response: { 200: ListSchema },
      },
    },
    async (request) => {
      const { error, state, limit = '100' } = request.query;
      const found = error === undefined ? store.list() : store.findByError(error);
      return {
        incidents: found.filter((incident) => state === undefined || incident.state === state).slice(0, Number(limit)),
      };
    },
  );
  app.get<{ Params: { id: string } }>(
    '/v1/incidents/:id',
    { schema: { summary: 'The whole story of one incident', response: { 200: StorySchema, 404: NotFoundSchema } } },
    async (request, reply) => {
      const incident = store.get(request.params.id);
      if (incident) return { incident, story: tellStory(store.stepsOf(incident.id)) };
      return reply.code(404).send({
        statusCode: 404,
        error: 'NOT_FOUND',
        message: `There is no incident ${request.params.id}; see GET /v1/incidents`,
      });
    },
  );
}
