import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface StaticCheck {
  name: string;
  /** What Node runs, relative to the root: the tools' own scripts, so that no shell and no .cmd file stands between. */
  script: string;
  args: readonly string[];
}

/** What can be said about the code without running it, in the order in which it is said. */
export const STATIC_CHECKS: readonly StaticCheck[] = [
  {
    name: 'format and lint',
    script: 'node_modules/@biomejs/biome/bin/biome',
    args: ['ci', '--colors=off', '--max-diagnostics=200', '.'],
  },
  { name: 'types', script: 'node_modules/typescript/bin/tsc', args: ['--noEmit', '-p', '.'] },
  { name: 'import rules', script: 'scripts/check-import-rules.ts', args: [] },
];

/** Runs one check. `output` is worth reading when it did not pass. */
export function runStaticCheck(
  root: string,
  { script, args }: StaticCheck,
): Promise<{ passed: boolean; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, script), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ passed: code === 0, output }));
  });
}

/** Runs all checks, prints each with its time, and counts each as one test. */
export async function runStaticChecks(
  root: string,
  print: (text: string) => void,
): Promise<{ passed: number; failed: number; skipped: number }> {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const check of STATIC_CHECKS) {
    const startedAt = performance.now();
    const { passed, output } = await runStaticCheck(root, check);
    totals[passed ? 'passed' : 'failed'] += 1;
    print(`${passed ? 'ok  ' : 'FAIL'} ${check.name} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
    if (!passed) print(output.trimEnd());
  }
  return totals;
}
