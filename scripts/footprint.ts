// `npm run footprint [-- --settle 60 --window 60]`: what the stack takes beside a game, against its budget, into docs/footprint.md.
// Needs a Docker engine; images that cannot be had here count with their budget. Exit code 1 above a budget.
import { writeFileSync } from 'node:fs';
import { arch, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { BUDGETS, belongsTo, type Stack } from './footprint/budget.ts';
import { docker, engineSocket, type Sample, sampleContainer } from './footprint/engine.ts';
import { formatReport, type Report } from './footprint/format.ts';
import { exceeded, type Measured, measure, rowsOf } from './footprint/judge.ts';

const ROOT = join(import.meta.dirname, '..');
const PROJECT = 'understudy-footprint';
const STEP_MS = 5000;
const FILES: Record<Stack, string> = { full: 'docker-compose.yml', lite: 'docker-compose.lite.yml' };

const { values } = parseArgs({
  options: { settle: { type: 'string', default: '60' }, window: { type: 'string', default: '60' } },
});
const [settleSeconds, windowSeconds] = [Number(values.settle), Number(values.window)];

/** Port 0: another stack may run beside this one. */
async function freePorts(): Promise<NodeJS.ProcessEnv> {
  const text = await docker(['compose', '-f', join(ROOT, FILES.full), 'config', '--variables', '--format', 'json']);
  const names = Object.keys(JSON.parse(text) as object).filter((name) => name.endsWith('_PORT'));
  return Object.fromEntries(names.map((name) => [name, '0']));
}

async function measureStack(stack: Stack, env: NodeJS.ProcessEnv): Promise<Report> {
  const compose = (...args: string[]): Promise<string> =>
    docker(['compose', '-p', PROJECT, '-f', join(ROOT, FILES[stack]), ...args], env);
  const wanted = Object.entries(BUDGETS).flatMap(([name, budget]) =>
    belongsTo(stack, budget) || budget.in === 'simulated' ? [name] : [],
  );
  const config = JSON.parse(await compose('config', '--format', 'json')) as {
    services: Record<string, { image: string; build?: unknown }>;
  };
  const isAtHand = (name: string): Promise<boolean> => {
    const { image = '', build } = config.services[name] ?? {};
    return build
      ? Promise.resolve(true)
      : docker(['image', 'inspect', image]).then(
          () => true,
          () => false,
        );
  };
  const names = (await Promise.all(wanted.map(async (name) => ((await isAtHand(name)) ? [name] : [])))).flat();
  await compose('build', '--quiet');
  try {
    const began = Date.now();
    await compose('up', '--detach', '--wait', 'setup', ...names);
    const startSeconds = (Date.now() - began) / 1000;
    console.log(`footprint: ${stack} is healthy after ${startSeconds.toFixed(0)} s; it settles for ${settleSeconds} s`);
    await sleep(settleSeconds * 1000);
    const measured = await watch(
      new Map(await Promise.all(names.map(async (name) => [name, await compose('ps', '-q', name)] as const))),
    );
    return { stack, rows: rowsOf(stack, measured), startSeconds };
  } finally {
    await compose('down', '--volumes', '--timeout', '10');
  }
}

async function watch(containers: ReadonlyMap<string, string>): Promise<Map<string, Measured>> {
  const socket = await engineSocket();
  const samples = new Map<string, Sample[]>([...containers.keys()].map((name) => [name, []]));
  for (const end = Date.now() + windowSeconds * 1000; Date.now() <= end + STEP_MS; await sleep(STEP_MS))
    for (const [name, id] of containers) samples.get(name)?.push(await sampleContainer(socket, id));
  return new Map([...samples].map(([name, taken]) => [name, measure(taken)]));
}

const env = await freePorts();
const reports = [await measureStack('full', env), await measureStack('lite', env)];
const [processor] = cpus();
const machine = `${cpus().length} cores (${processor?.model.trim() ?? arch()}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${release()}, ${new Date().toISOString().slice(0, 10)}`;
const text = formatReport(reports, { machine, settleSeconds, windowSeconds });
writeFileSync(join(ROOT, 'docs', 'footprint.md'), text);
console.log(text);
const problems = reports.flatMap(({ stack, rows }) => exceeded(stack, rows));
for (const problem of problems) console.error(`footprint: ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;
