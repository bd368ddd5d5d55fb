import type { BenchRow } from '../bench-row.ts';
import type { Machine } from './describe-machine.ts';
import { reasonFor } from './missed-targets.ts';

const verdictOf = ({ isMet }: BenchRow): string => {
  if (isMet === undefined) return '-';
  return isMet ? 'met' : '**missed**';
};

const line = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** docs/benchmarks.md as a whole. */
export function renderReport(rows: readonly BenchRow[], machine: Machine, measuredAt: Date, tookMs: number): string {
  const missed = Map.groupBy(
    rows.filter(({ isMet }) => isMet === false),
    ({ id }) => reasonFor(id),
  );
  return [
    '# Benchmarks',
    '',
    '<!-- Written by `npm run bench`. The reasons of missed targets are kept in test/bench/report/missed-targets.ts. -->',
    '',
    `Measured ${measuredAt.toISOString().slice(0, 16).replace('T', ' ')} UTC in ${Math.round(tookMs / 1000)} s. Each thing runs beside its own`,
    'baseline, in turns, so that the drift of the machine hits both; the factor is result / baseline. Medians, where nothing else is said.',
    '',
    `Machine: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}, ${machine.natsServer}; load before the run ${machine.load}.`,
    '',
    line(['what', 'result', 'baseline of the same run', 'target', 'verdict']),
    line(['---', '---', '---', '---', '---']),
    ...rows.map((row) => line([`(${row.id[0]}) ${row.what}`, row.result, row.baseline, row.target, verdictOf(row)])),
    '',
    ...(missed.size === 0 ? [] : ['## Missed, and why', '']),
    ...[...missed].map(([reason, because]) => `- ${because.map(({ what }) => `**${what}**`).join(' and ')}: ${reason}`),
    ...(missed.size === 0 ? [] : ['']),
  ].join('\n');
}
