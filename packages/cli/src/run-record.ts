import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createValidator } from '@understudy/shared/contracts';
import Type, { type Static } from 'typebox';

const RunRecordSchema = Type.Object({
  pid: Type.Integer({ minimum: 2 }),
  /** With the id it names one process for ever, although ids are given again; empty where the system does not tell. */
  birth: Type.String(),
  startedAt: Type.String(),
  /** Where each part listens since then, whatever the configuration on disk has come to say. */
  addresses: Type.Optional(Type.Record(Type.String(), Type.String())),
});
/** What the native start that runs writes of itself. */
export type RunRecord = Static<typeof RunRecordSchema>;
const validate = createValidator(RunRecordSchema);

/** @param state `.understudy` of the checkout */
export const runRecordFile = (state: string): string => join(state, 'run', 'starter.json');

/** @returns nothing when nothing runs, or what stands there is not whole */
export function readRunRecord(file: string): RunRecord | undefined {
  try {
    const checked = validate(JSON.parse(readFileSync(file, 'utf8')));
    return checked.ok ? checked.value : undefined;
  } catch {
    return undefined;
  }
}

/** Cheap, for a command that only looks: an id that was given again counts, and then nobody answers. */
export function isRunning({ pid }: RunRecord): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
