import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createValidator } from '@understudy/shared/contracts';
import Type, { type Static } from 'typebox';

const amount = Type.Number({ minimum: 0 });
const SpentSchema = Type.Object({
  minutes: Type.Array(Type.Object({ minute: Type.Integer(), tokens: amount, cost: amount }), { maxItems: 200 }),
});
const validate = createValidator(SpentSchema);
/** What was spent in one minute, counted from 1970. */
export type SpentMinute = Static<typeof SpentSchema>['minutes'][number];

/** What the last hour took, so that a restart does not begin a new one. */
export interface SpentFile {
  read(): readonly SpentMinute[];
  /** @throws what the file system throws */
  write(minutes: readonly SpentMinute[]): void;
}

export function createSpentFile(path: string): SpentFile {
  return {
    read() {
      try {
        const checked = validate(JSON.parse(readFileSync(path, 'utf8')));
        return checked.ok ? checked.value.minutes : [];
      } catch {
        // No such file yet: nothing is known to be spent.
        return [];
      }
    },
    write(minutes) {
      mkdirSync(dirname(path), { recursive: true });
      // Half a file would forget the hour.
      writeFileSync(`${path}.part`, JSON.stringify({ minutes }), { mode: 0o600 });
      renameSync(`${path}.part`, path);
    },
  };
}
