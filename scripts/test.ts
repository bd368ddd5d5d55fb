// `npm test [-- PART_OF_A_PATH...]`: the static checks, then every test, stage by stage. Parts of paths choose test files and leave the checks out.
// The last line is `N passed, N failed`, with `, N skipped` when there are any.
import { delimiter, dirname, join } from 'node:path';
import { listSources } from './checks/list-sources.ts';
import { runStaticChecks } from './checks/static-checks.ts';
import { ensureModelServer } from './ensure-model-server.ts';
import { ensureMonitoring } from './ensure-monitoring.ts';
import { ensureServers } from './ensure-servers.ts';
import { ensureTestPrograms } from './ensure-test-programs.ts';
import { addTotals, exitCodeOf, formatDuration, formatTotals, type Totals } from './test-runner/format-report.ts';
import { planStages, type Stage } from './test-runner/plan-stages.ts';
import { runStage } from './test-runner/run-stage.ts';
import { runTestFile } from './test-runner/run-test-file.ts';

const root = join(import.meta.dirname, '..');
const patterns = process.argv.slice(2);
const stages = planStages(listSources(root, ['packages', 'services', 'scripts', 'test'], ['.test.ts']), patterns);

let totals: Totals = { passed: 0, failed: 0, skipped: 0 };
if (patterns.length === 0) totals = await timed('checks', () => runStaticChecks(root, console.log));
else if (stages.length === 0) console.log(`No test file has "${patterns.join('" or "')}" in its path.`);
for (const stage of stages) {
  const run = () => (stage.needsServers ? runWithServers(stage) : runFiles(stage));
  totals = addTotals(totals, await timed(`${stage.name}, ${stage.files.length} files`, run));
}

// A process that a test left behind may hold this one's pipes open: the result is known, so it does not wait for that.
process.stdout.write(`\n${formatTotals(totals)}\n`, () => process.exit(exitCodeOf(totals)));

async function timed(title: string, run: () => Promise<Totals>): Promise<Totals> {
  console.log(`\n== ${title}`);
  const startedAt = performance.now();
  const result = await run();
  const took = formatDuration(performance.now() - startedAt);
  console.log(`   ${title}: ${result.passed} ok, ${result.failed} failing, ${took}`);
  return result;
}

function runFiles(stage: Stage): Promise<Totals> {
  return runStage(stage, (file) => runTestFile(root, file, stage.fileLimitMs), console.log);
}

/** Without NATS no file of the stage can run: they count as failed, and the remedy is said once. */
async function runWithServers(stage: Stage): Promise<Totals> {
  const { nats, redis } = await ensureServers({ say: console.log });
  for (const server of [nats, redis]) {
    if (server.state === 'found') {
      process.env['PATH'] = [process.env['PATH'], dirname(server.path)].join(delimiter);
    } else {
      console.log(`${server.problem}\n${server.remedy}`);
    }
  }
  const monitoring = await ensureMonitoring({ say: console.log });
  if (monitoring.state === 'found') {
    process.env['PATH'] = [...monitoring.folders, process.env['PATH']].join(delimiter);
  } else {
    console.log(`NOT TESTED: rules and notices with the real programs: ${monitoring.problem}.`);
  }
  await ensureTestPrograms(console.log);
  const modelServer = await ensureModelServer({ say: console.log });
  if (modelServer !== undefined) process.env['PATH'] = [process.env['PATH'], modelServer].join(delimiter);
  return nats.state === 'found' ? runFiles(stage) : { passed: 0, failed: stage.files.length, skipped: 0 };
}
