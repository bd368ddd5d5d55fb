import { createValidator, ModeChangeSchema } from '@understudy/shared/contracts';
import Type, { type Static } from 'typebox';
import { IncidentViewSchema } from './answers.ts';

const optional = Type.Optional(Type.String());
const IncidentEventSchema = Type.Object({
  incident: IncidentViewSchema,
  step: Type.Object({
    type: Type.String(),
    at: Type.String(),
    by: optional,
    code: optional,
    fingerprint: optional,
    from: optional,
    to: optional,
    reason: optional,
    until: optional,
    summary: optional,
    verified: Type.Optional(Type.Boolean()),
    gone: Type.Optional(Type.Boolean()),
  }),
});

/** What `GET /v1/events` tells; other events of a later version are passed over. */
export type BotEvent =
  | ({ readonly type: 'incident' } & Static<typeof IncidentEventSchema>)
  | ({ readonly type: 'mode' } & Static<typeof ModeChangeSchema>);

const validateIncident = createValidator(IncidentEventSchema);
const validateMode = createValidator(ModeChangeSchema);

/** @returns `undefined` for an event that this version does not know */
export function readBotEvent(name: string | undefined, data: string): BotEvent | undefined {
  const value = parse(data);
  if (name === 'incident') {
    const checked = validateIncident(value);
    return checked.ok ? { type: 'incident', ...checked.value } : undefined;
  }
  if (name === 'mode') {
    const checked = validateMode(value);
    return checked.ok ? { type: 'mode', ...checked.value } : undefined;
  }
  return undefined;
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
