import {
  NOTICE_STATES,
  NoticeListSchema,
  type NoticeState,
  type NotifyTest,
  NotifyTestSchema,
} from '@understudy/shared/contracts';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { type Webhook, WebhookSchema } from '../notify/alertmanager/webhook-schema.ts';
import type { NoticeFilter } from '../notify/notice-history.ts';

export interface NoticeSources {
  readonly takeWebhook: (webhook: Webhook) => void;
  readonly test: () => Promise<NotifyTest>;
  readonly history: { find(filter: NoticeFilter): unknown[] };
}

/** Bytes. A group of many alerts is larger than what a service usually takes. */
const WEBHOOK_LIMIT = 1024 * 1024;
const DEFAULT_LIMIT = '100';

const QuerySchema = Type.Object(
  {
    limit: Type.Optional(
      Type.String({ pattern: '^[0-9]{1,4}$', description: `At most so many; ${DEFAULT_LIMIT} unless told.` }),
    ),
    since: Type.Optional(Type.String({ format: 'date-time', description: 'Only those told since then.' })),
    policy: Type.Optional(Type.String({ description: "Only those of one of the user's four alerts." })),
    state: Type.Optional(Type.Enum([...NOTICE_STATES])),
  },
  { additionalProperties: false },
);

interface Query {
  limit?: string;
  since?: string;
  policy?: string;
  state?: NoticeState;
}

/** What was told to people, and the way on which Alertmanager tells it here. */
export function noticeRoutes(app: FastifyInstance, { takeWebhook, test, history }: NoticeSources): void {
  app.post<{ Body: Webhook }>(
    '/v1/alertmanager',
    {
      config: { needsToken: true },
      bodyLimit: WEBHOOK_LIMIT,
      schema: {
        summary: "Alertmanager's webhook: writes the console and log_file channels",
        body: WebhookSchema,
        response: { 200: Type.Object({ taken: Type.Integer() }) },
      },
    },
    async ({ body }) => {
      takeWebhook(body);
      return { taken: body.alerts.length };
    },
  );
  app.post(
    '/v1/notify-test',
    {
      config: { needsToken: true },
      schema: {
        summary: 'One notice to every receiver, and what became of it; takes up to a minute',
        body: Type.Object({}, { additionalProperties: false }),
        response: { 200: NotifyTestSchema },
      },
    },
    () => test(),
  );
  app.get<{ Querystring: Query }>(
    '/v1/notices',
    { schema: { summary: 'Notices, newest first', querystring: QuerySchema, response: { 200: NoticeListSchema } } },
    async ({ query: { limit = DEFAULT_LIMIT, since, ...rest } }) => ({
      notices: history.find({
        limit: Number(limit),
        ...rest,
        ...(since === undefined ? {} : { since: new Date(since).toISOString() }),
      }),
    }),
  );
}
