import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const isThere = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** Why a test with these programs cannot run here, for `{ skip }`; `false`: it can. */
export function missingPrograms(...programs: readonly string[]): string | false {
  const missing = programs.filter((program) => !isThere(program));
  return (
    missing.length > 0 && `NOT TESTED: ${missing.join(', ')} is not on this machine (scripts/ensure-test-programs.ts)`
  );
}
