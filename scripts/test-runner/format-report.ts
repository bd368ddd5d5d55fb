import { inspect } from 'node:util';
import type { FileReport } from './run-test-file.ts';

export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

/** One line for a file that passed; for one that failed, all that is known. */
export function formatReport({ file, passed, failed, skipped, durationMs, failures, output }: FileReport): string {
  const counts = [`${passed} ok`, failed > 0 ? `${failed} failing` : '', skipped > 0 ? `${skipped} skipped` : ''];
  const line = `${failed > 0 ? 'FAIL' : 'ok  '} ${file} (${counts.filter(Boolean).join(', ')}, ${formatDuration(durationMs)})`;
  if (failed === 0) return line;
  const details = failures.map(({ name, error }) => indent(`x ${name}\n${indent(describeError(error))}`));
  const console = output.trim() === '' ? [] : [indent(`its console:\n${indent(output.trimEnd())}`)];
  return [line, ...details, ...console].join('\n');
}

export function formatDuration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** The last line of `npm test`, which programs read. */
export function formatTotals({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

export function addTotals(a: Totals, b: Totals): Totals {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** A run in which nothing passed has proved nothing. */
export function exitCodeOf({ passed, failed }: Totals): 0 | 1 {
  return failed === 0 && passed > 0 ? 0 : 1;
}

const describeError = (error: unknown): string => (typeof error === 'string' ? error : inspect(error, { depth: 8 }));

const indent = (text: string): string => text.replaceAll(/^(?=.)/gm, '    ');
