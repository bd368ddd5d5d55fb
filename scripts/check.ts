// What a change must pass before it is committed, in seconds: format and lint, types, import rules. `npm test` runs them too.
import { join } from 'node:path';
import { runStaticChecks } from './checks/static-checks.ts';

const { failed } = await runStaticChecks(join(import.meta.dirname, '..'), console.log);
process.exitCode = failed === 0 ? 0 : 1;
