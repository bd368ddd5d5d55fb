import Type, { type Static } from 'typebox';

const Words = Type.Record(Type.String(), Type.String());

/** What Alertmanager's webhook receiver sends (version 4); fields of a later version are passed over. */
export const WebhookSchema = Type.Object({
  version: Type.Literal('4'),
  /** Alerts that `max_alerts` left out. */
  truncatedAlerts: Type.Optional(Type.Integer()),
  alerts: Type.Array(
    Type.Object({
      status: Type.Enum(['firing', 'resolved']),
      labels: Words,
      annotations: Words,
      startsAt: Type.String(),
      fingerprint: Type.String({ minLength: 1, maxLength: 64 }),
    }),
    { maxItems: 1000 },
  ),
});
export type Webhook = Static<typeof WebhookSchema>;
export type WebhookAlert = Webhook['alerts'][number];
