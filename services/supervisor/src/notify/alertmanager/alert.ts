import Type, { type Static } from 'typebox';

const Words = Type.Record(Type.String(), Type.String());

/** An alert of Alertmanager's API v2; its labels are its identity. */
export const AlertSchema = Type.Object({
  labels: Words,
  annotations: Words,
  /** ISO times. */
  startsAt: Type.String(),
  endsAt: Type.String(),
  generatorURL: Type.Optional(Type.String()),
});
export type Alert = Static<typeof AlertSchema>;

/** Equal for alerts that Alertmanager takes for one. */
export const identityOf = ({ labels }: Pick<Alert, 'labels'>): string =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The label by which the supervisor knows its own alerts. */
export const INCIDENT_LABEL = 'incident_id';
