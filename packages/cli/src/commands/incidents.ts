import { INCIDENT_STATES } from '@understudy/shared/contracts';
import type { UnderstudyClient } from '../client/understudy-client.ts';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';
import { incidentList, incidentStory } from '../format/incident-text.ts';
import type { CommandContext } from './command-context.ts';

/** As long as an id is when it is whole; lists and lines show its first eight characters. */
const WHOLE_ID_LENGTH = 36;

export interface IncidentsOptions {
  readonly state?: string;
  readonly error?: string;
  readonly limit?: string;
}

export async function incidents({ client, answer }: CommandContext, options: IncidentsOptions): Promise<void> {
  const { state, error, limit } = options;
  if (state !== undefined && !INCIDENT_STATES.some((known) => known === state))
    throw new CommandError(`--state ${state} is not one of ${INCIDENT_STATES.join(', ')}`, EXIT.usage);
  if (limit !== undefined && !/^[1-9]\d{0,3}$/.test(limit))
    throw new CommandError(`--limit ${limit} is not a number from 1 to 9999`, EXIT.usage);
  const list = await client.incidents({
    ...(state === undefined ? {} : { state }),
    ...(error === undefined ? {} : { error }),
    ...(limit === undefined ? {} : { limit: Number(limit) }),
  });
  answer(incidentList(list), { incidents: list });
}

export async function incident({ client, answer, paint, phrase }: CommandContext, id: string): Promise<void> {
  const story = await client.incident(await wholeId(client, id));
  answer(phrase(incidentStory(story, paint)), story);
}

export async function acknowledge({ client, answer }: CommandContext, id: string): Promise<void> {
  const whole = await wholeId(client, id);
  answer(`Acknowledged ${whole}.`, await client.acknowledge(whole));
}

async function wholeId(client: UnderstudyClient, id: string): Promise<string> {
  if (id.length >= WHOLE_ID_LENGTH) return id;
  const matching = (await client.incidents({})).filter((one) => one.id.startsWith(id));
  const [only, other] = matching;
  if (only && !other) return only.id;
  const problem = only ? `${matching.length} incidents begin` : 'No incident begins';
  throw new CommandError(`${problem} with "${id}"; the list: npx understudy incidents`, EXIT.failed);
}
