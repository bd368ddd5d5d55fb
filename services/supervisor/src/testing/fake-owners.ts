import type { RecoveryCommand, SupervisedService } from '@understudy/shared/contracts';
import type { CommandAnswer } from '@understudy/shared/messaging';
import type { Owners } from '../recover/perform-attempt.ts';

/** `true`: done; `false`: it failed; or the whole answer. */
export type Reaction = boolean | Partial<CommandAnswer>;
export type React = (service: SupervisedService, command: RecoveryCommand) => Reaction | Promise<Reaction>;

export interface FakeOwners extends Owners {
  /** What was really done, oldest first: a repeated id is answered and not done again, as real owners do. */
  readonly done: RecoveryCommand[];
  /** Every command that arrived, repeated ones too. */
  readonly heard: RecoveryCommand[];
  react: React;
}

/** `osc-bridge reconnect`, `cv-service probe child-answers`, ... */
export const tellCommand = ({ service, verb, args }: RecoveryCommand): string =>
  [service, verb, ...Object.values(args).map(String)].join(' ');

export function createFakeOwners(react: React = () => true): FakeOwners {
  const answers = new Map<string, CommandAnswer>();
  const owners: FakeOwners = {
    done: [],
    heard: [],
    react,
    async command(service, command) {
      owners.heard.push(command);
      const known = answers.get(command.id);
      if (known) return known;
      owners.done.push(command);
      const reaction = await owners.react(service, command);
      const told =
        typeof reaction === 'boolean' ? { outcome: reaction ? ('done' as const) : ('failed' as const) } : reaction;
      const answer = {
        commandId: command.id,
        detail: tellCommand(command),
        observed: {},
        outcome: 'done',
        ...told,
      } as CommandAnswer;
      answers.set(command.id, answer);
      return answer;
    },
    proveSelf: async ({ what }) => ({ ok: true, detail: `${what} of the supervisor` }),
  };
  return owners;
}
