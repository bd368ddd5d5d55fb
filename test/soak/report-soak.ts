import { cpus } from 'node:os';
import { judgeGrowth } from './judge-growth.ts';
import type { PlannedFault } from './plan-faults.ts';
import type { SoakResult } from './run-soak.ts';

/** What the fault `crash` throws. */
const CRASH_ON_PURPOSE = 'a crash on purpose';

const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(0);
const seconds = (ms: number): string => (ms / 1000).toFixed(1);
const nameOf = (fault: PlannedFault): string => (fault.kind === 'kill' ? `kill -9 ${fault.part}` : fault.fault);

function countBy<T>(values: readonly T[], key: (value: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const value of values) groups.set(key(value), [...(groups.get(key(value)) ?? []), value]);
  return [...groups].toSorted(([a], [b]) => a.localeCompare(b));
}

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

/** What does not hold; empty: the soak passed. */
export function judgeSoak({ samples, stuck, unanswered, incidents }: SoakResult): string[] {
  return [
    ...stuck,
    ...unanswered,
    ...incidents.filter(({ state }) => state !== 'resolved').map(({ code, state }) => `${code} is still ${state}`),
    ...incidents
      .filter(({ code, summary }) => code === 'UNEXPECTED_ERROR' && !summary.includes(CRASH_ON_PURPOSE))
      .map(({ summary }) => `not in the error table: ${summary}`),
    ...Object.entries(samples)
      .filter(([, life]) => !judgeGrowth(life).isFlat)
      .map(([part]) => `${part} grows`),
  ];
}

/** docs/soak.md. */
export function reportSoak(result: SoakResult, date: string): string {
  const { totalMs, seed, faults, replies, incidents, samples, calmAfterMs } = result;
  const failures = judgeSoak(result);
  const durations = (of: typeof incidents): number[] =>
    of.flatMap(({ currentSince, resolvedAt }) =>
      resolvedAt ? [Date.parse(resolvedAt) - Date.parse(currentSince)] : [],
    );
  const took = replies.map(({ tookMs }) => tookMs);
  return [
    '# Soak',
    '',
    '<!-- Written by `npm run soak`. -->',
    '',
    `The whole bot as \`npm start\` starts it, every peer simulated, for ${(totalMs / 60_000).toFixed(0)} minutes; faults at random times, of random lengths`,
    `(seed ${seed}); processes end in the first half alone, so that in the second each lives long enough for its memory to be judged. A viewer writes a question every 0.8 to 3 s meanwhile, and now and then`,
    `speaks it as well. Measured on ${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${process.platform}, Node ${process.versions.node}, ${date}.`,
    '',
    failures.length === 0
      ? '**Nothing stuck, nothing grew, every question was answered.**'
      : `**Does not hold:** ${failures.join('; ')}.`,
    '',
    '| | |',
    '| --- | --- |',
    `| faults | ${faults.length}${result.notMade.length > 0 ? `, ${result.notMade.length} of them not made since their part was away just then` : ''} |`,
    `| incidents | ${incidents.length}, all resolved: ${incidents.every(({ state }) => state === 'resolved') ? 'yes' : 'no'}; from the last opening or joined cause to the end ${seconds(quantile(durations(incidents), 0.5))} s in the middle, ${seconds(quantile(durations(incidents), 1))} s at most |`,
    `| calm after the last fault | ${seconds(calmAfterMs)} s |`,
    `| questions | ${replies.length + result.unanswered.length}, without an answer ${result.unanswered.length}; answered in ${seconds(quantile(took, 0.5))} s in the middle, ${seconds(quantile(took, 0.99))} s at the 99th percentile, ${seconds(quantile(took, 1))} s at most |`,
    `| modes of the answers | ${countBy(replies, ({ mode }) => mode)
      .map(([mode, of]) => `\`${mode}\` ${of.length}`)
      .join(', ')} |`,
    `| who answered | ${countBy(replies, ({ source }) => source)
      .map(([source, of]) => `${source} ${of.length}`)
      .join(', ')} |`,
    '',
    '## Memory',
    '',
    'Anonymous memory (`Pss_Anon`), open files and threads of the last life of each process: the median of its first quarter once it is warm (30 s), and of its last.',
    '',
    '| process | lives | last life, min | early MB | late MB | largest MB | files | threads | flat |',
    '| --- | --: | --: | --: | --: | --: | --: | --: | --- |',
    ...Object.entries(samples).map(([part, life]) => {
      const { lives, lifeMs, early, late, maxBytes, isFlat } = judgeGrowth(life);
      return `| ${part} | ${lives} | ${(lifeMs / 60_000).toFixed(1)} | ${megabytes(early.bytes)} | ${megabytes(late.bytes)} | ${megabytes(maxBytes)} | ${early.files} → ${late.files} | ${early.threads} → ${late.threads} | ${isFlat ? 'yes' : '**no**'} |`;
    }),
    '',
    '## Faults',
    '',
    `| fault | times |`,
    '| --- | --: |',
    ...countBy(faults, nameOf).map(([name, of]) => `| \`${name}\` | ${of.length} |`),
    '',
    '## Incidents',
    '',
    '| code | incidents (what comes back within its time opens the same one again) | middle, s | longest, s |',
    '| --- | --: | --: | --: |',
    ...countBy(incidents, ({ code }) => code).map(([code, of]) => {
      const lasted = durations(of);
      return `| \`${code}\` | ${of.length} | ${seconds(quantile(lasted, 0.5))} | ${seconds(quantile(lasted, 1))} |`;
    }),
    '',
  ].join('\n');
}
