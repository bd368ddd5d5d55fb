import Type, { type Static } from 'typebox';

export const DELIVERY_STATES = ['delivered', 'failed', 'not_sent'] as const;

/** What became of the test notice at one kind of receiver; Alertmanager counts by kind, not by name. */
export const TestDeliverySchema = Type.Object({
  /** `discord`, `telegram`, `webhook`, ... */
  kind: Type.String(),
  /** One a message that is to arrive: the name of its secret, or of its receiver. */
  names: Type.Array(Type.String()),
  delivered: Type.Integer(),
  /** Alertmanager tries again by itself. */
  failedAttempts: Type.Integer(),
  state: Type.Enum([...DELIVERY_STATES]),
});
export type TestDelivery = Static<typeof TestDeliverySchema>;

/** `POST /v1/notify-test`. */
export const NotifyTestSchema = Type.Object({
  /** Everything that is configured was reached. */
  ok: Type.Boolean(),
  /** For the operator: what was found, and what to do about it. */
  words: Type.String(),
  deliveries: Type.Array(TestDeliverySchema),
});
export type NotifyTest = Static<typeof NotifyTestSchema>;
