import { resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';

export interface Failure {
  /** The test's name, after those of the suites around it. */
  name: string;
  error: unknown;
}

export interface FileReport {
  file: string;
  passed: number;
  failed: number;
  skipped: number;
  durationMs: number;
  failures: Failure[];
  /** What the file wrote to its console, its end when there was much. */
  output: string;
}

const OUTPUT_KEPT_CHARS = 64 * 1024;
/** Name of a failure that belongs to no single test. */
const WHOLE_FILE = 'the file as a whole';

/**
 * Runs one test file in a process of its own by node:test.
 *
 * One `run()` for each file, because one for all has no limit per file (its `timeout` is per test, and a busy loop outlives it), and because the runner
 * takes a file that ends early with exit code 0 for a passed one: here a file without its own summary has failed.
 * @param limitMs after this the file's process is ended and the file has failed
 */
export async function runTestFile(root: string, file: string, limitMs: number): Promise<FileReport> {
  const path = resolve(root, file);
  const startedAt = performance.now();
  const stream = run({ files: [path], cwd: root, isolation: 'process', signal: AbortSignal.timeout(limitMs) });
  const collected = collectFrom(stream, path, limitMs);
  stream.resume();
  await finished(stream);

  const { summary, seen, skippedSuites, failures, output } = collected;
  if (summary === undefined && failures.length === 0) {
    failures.push({ name: WHOLE_FILE, error: 'ended before its tests did, or has none' });
  }
  return {
    file,
    passed: summary?.passed ?? seen.passed,
    failed: failures.length,
    skipped: skippedSuites + (summary === undefined ? seen.skipped : summary.skipped + summary.todo),
    durationMs: performance.now() - startedAt,
    failures,
    output,
  };
}

interface Collected {
  seen: { passed: number; skipped: number };
  /** The summary counts tests alone, and a suite that is skipped reports none. */
  skippedSuites: number;
  failures: Failure[];
  /** The file's own, sent when all of its tests have ended. */
  summary: { passed: number; skipped: number; todo: number } | undefined;
  output: string;
}

/** Fills in what it returns while the stream runs. */
function collectFrom(stream: ReturnType<typeof run>, path: string, limitMs: number): Collected {
  const collected: Collected = {
    seen: { passed: 0, skipped: 0 },
    skippedSuites: 0,
    failures: [],
    summary: undefined,
    output: '',
  };
  // Names by depth: of the test that is being reported (in the order of the file), and of the one that began last.
  let reported: string[] = [];
  let begun: string[] = [];

  const keep = ({ message }: { message: string }) => {
    collected.output = (collected.output + message).slice(-OUTPUT_KEPT_CHARS);
  };
  stream.on('test:stdout', keep);
  stream.on('test:stderr', keep);
  stream.on('test:start', ({ name, nesting }) => {
    reported = [...reported.slice(0, nesting), name];
  });
  stream.on('test:dequeue', ({ name, nesting }) => {
    if (name !== path) begun = [...begun.slice(0, nesting), name];
  });
  stream.on('test:pass', ({ name, details, skip, todo }) => {
    if (details.type === 'suite' && skip !== undefined) collected.skippedSuites += 1;
    if (name === path || details.type === 'suite') return;
    collected.seen[skip === undefined && todo === undefined ? 'passed' : 'skipped'] += 1;
  });
  stream.on('test:fail', ({ name, nesting, details, todo }) => {
    const { failureType, cause } = describeError(details.error);
    // Of a test with failed subtests those were reported; one to do may fail.
    if (failureType === 'subtestsFailed' || todo !== undefined) return;
    collected.failures.push(
      name === path
        ? { name: WHOLE_FILE, error: failureType === 'testAborted' ? hanging(limitMs, begun) : cause }
        : { name: [...reported.slice(0, nesting), name].join(' > '), error: cause },
    );
  });
  stream.on('test:summary', ({ file, counts }) => {
    if (file !== undefined) collected.summary = counts;
  });
  return collected;
}

function hanging(limitMs: number, begun: readonly string[]): string {
  const last = begun.length === 0 ? '' : `; the last that began: ${begun.join(' > ')}`;
  return `did not end within ${limitMs / 1000} s${last}`;
}

/** The runner wraps what a test threw. */
function describeError(error: Error): { failureType: unknown; cause: unknown } {
  return { failureType: 'failureType' in error ? error.failureType : undefined, cause: error.cause ?? error };
}
