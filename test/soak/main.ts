// `npm run soak [-- --minutes 20 --seed 1]`, by way of scripts/soak.ts. Writes docs/soak.md when it ran for at least 20 minutes.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { judgeSoak, reportSoak } from './report-soak.ts';
import { runSoak } from './run-soak.ts';

const PUBLISHED_FROM_MINUTES = 20;

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } },
});
const minutes = Number(values.minutes);
const result = await runSoak(minutes * 60_000, Number(values.seed), console.log);
const report = reportSoak(result, new Date().toISOString().slice(0, 10));
console.log(`\n${report}`);
if (minutes >= PUBLISHED_FROM_MINUTES) writeFileSync(join(import.meta.dirname, '..', '..', 'docs', 'soak.md'), report);
const failures = judgeSoak(result);
for (const failure of [...failures, ...result.notMade.map((what) => `not made: ${what}`)]) console.error(failure);
process.exit(failures.length === 0 ? 0 : 1);
