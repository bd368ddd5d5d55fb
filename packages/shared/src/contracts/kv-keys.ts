import Type, { type Static } from 'typebox';
import { LevelBySchema } from './capabilities.ts';
import { TimestampSchema } from './ids.ts';
import type { ServiceName, SupervisedService } from './services.ts';

/** Keys are OWNER.KEY, one writer each: what a restarted service reads first. */
export const kvKeys = {
  observed: (owner: SupervisedService) => `${owner}.observed`,
  devices: 'audio-gateway.devices',
  mode: 'supervisor.mode',
  ceilings: 'supervisor.ceilings',
  parked: (service: SupervisedService) => `supervisor.parked.${service}`,
  ofOwner: (owner: ServiceName) => `${owner}.>`,
} as const;

export const CeilingsSchema = Type.Object({
  hear: LevelBySchema,
  speak: LevelBySchema,
  think: LevelBySchema,
  act: LevelBySchema,
  see: LevelBySchema,
});

/** A parked service idles until `until` or `understudy resume SERVICE`. */
export const ParkedSchema = Type.Object(
  { until: TimestampSchema, reason: Type.String({ maxLength: 500 }), incidentId: Type.Optional(Type.String()) },
  { additionalProperties: false },
);
export type Parked = Static<typeof ParkedSchema>;
