// All five benches, one after another; started by scripts/bench.ts. The table goes to the console and into docs/benchmarks.md.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchRow } from './bench-row.ts';
import { BENCHES } from './benches.ts';
import { describeMachine } from './report/describe-machine.ts';
import { renderReport } from './report/render-report.ts';

const file = join(import.meta.dirname, '../../docs/benchmarks.md');
const machine = describeMachine();
const began = performance.now();
const rows: BenchRow[] = [];
for (const { title, run } of BENCHES) {
  console.log(`\n${title}`);
  for (const row of await run()) {
    const verdict = row.isMet === undefined ? '' : row.isMet ? '  met' : '  MISSED';
    console.log(`  ${row.what}: ${row.result}  (target ${row.target})${verdict}\n    beside ${row.baseline}`);
    rows.push(row);
  }
}
writeFileSync(file, renderReport(rows, machine, new Date(), performance.now() - began));
console.log('\nThe table is in docs/benchmarks.md.');
// A server's last sockets or a watcher may linger; everything that was started has been ended.
process.exit(0);
