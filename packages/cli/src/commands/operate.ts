import { SUPERVISED_SERVICES, type SupervisedService } from '@understudy/shared/contracts';
import type { Outcome } from '../client/answers.ts';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';
import { statusText } from '../format/status-text.ts';
import type { CommandContext } from './command-context.ts';

export async function status({ client, answer, paint }: CommandContext): Promise<void> {
  const present = await client.status();
  answer(statusText(present, paint), present);
}

export async function resume({ client, answer }: CommandContext, service: string): Promise<void> {
  if (!isSupervised(service))
    throw new CommandError(
      `There is no service "${service}" to resume. These are: ${SUPERVISED_SERVICES.join(', ')}`,
      EXIT.usage,
    );
  const outcome = await client.resume(service);
  answer(outcomeLine(service, outcome), outcome);
  if (!outcome.ok) throw new CommandError(`${service} was not resumed`, EXIT.failed);
}

export async function reload({ client, answer }: CommandContext): Promise<void> {
  const outcomes = await client.reload();
  answer(outcomeLines(outcomes).join('\n'), outcomes);
  const kept = Object.entries(outcomes)
    .filter(([, { ok }]) => !ok)
    .map(([part]) => part);
  if (kept.length > 0)
    throw new CommandError(
      `${kept.join(', ')} kept the configuration from before; correct it and reload again`,
      EXIT.failed,
    );
}

/** All read one file: what is the same for several of them is said once. */
const outcomeLines = (outcomes: Readonly<Record<string, Outcome>>): string[] =>
  [...Map.groupBy(Object.entries(outcomes), ([, { ok, detail }]) => `${ok} ${detail}`).values()].flatMap((same) => {
    const [first] = same;
    return first ? [outcomeLine(same.map(([part]) => part).join(', '), first[1])] : [];
  });

const outcomeLine = (part: string, { ok, detail }: Outcome): string => `${part}: ${ok ? '' : 'no: '}${detail}`;

const isSupervised = (name: string): name is SupervisedService =>
  SUPERVISED_SERVICES.some((service) => service === name);
