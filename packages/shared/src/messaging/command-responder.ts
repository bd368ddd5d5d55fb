import {
  createValidator,
  type Observed,
  type RecoveryCommand,
  RecoveryCommandSchema,
  type RecoveryResult,
} from '../contracts/index.ts';
import type { MessageMeta } from './bus.ts';

export type HandleCommand = (command: RecoveryCommand, meta: MessageMeta) => Promise<RecoveryResult>;

export interface CommandResponderOptions {
  readonly handle: HandleCommand;
  readonly observed: () => Observed;
  readonly onRejected: (reason: string) => void;
}

/** Results kept by command id; the supervisor asks again only for its last ones. */
const REMEMBERED = 200;
const validate = createValidator(RecoveryCommandSchema);

/**
 * Makes commands idempotent: a repeated id is answered with the first result, also while the first is still under way.
 * @param ageMs how long the command was on its way; past its deadline it is refused
 */
export function createCommandResponder(options: CommandResponderOptions) {
  const results = new Map<string, Promise<RecoveryResult>>();
  const refuse = (commandId: string, detail: string): RecoveryResult => ({
    commandId,
    outcome: 'refused',
    detail,
    observed: options.observed(),
  });
  return async (data: unknown, meta: MessageMeta, ageMs = 0): Promise<RecoveryResult> => {
    const checked = validate(data);
    if (!checked.ok) {
      options.onRejected(checked.reason);
      return refuse('malformed-command', `not a command: ${checked.reason}`);
    }
    const command = checked.value;
    const known = results.get(command.id);
    if (known) return known;
    if (ageMs > command.deadlineMs)
      return refuse(command.id, `arrived ${ageMs - command.deadlineMs} ms after its deadline`);
    const result = options.handle(command, meta).catch(
      (error: unknown): RecoveryResult => ({
        commandId: command.id,
        outcome: 'failed',
        detail: `${command.verb} failed: ${error instanceof Error ? error.message : String(error)}`.slice(0, 500),
        observed: options.observed(),
      }),
    );
    results.set(command.id, result);
    const [oldest] = results.size > REMEMBERED ? results.keys() : [];
    if (oldest) results.delete(oldest);
    return result;
  };
}
