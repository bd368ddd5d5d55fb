import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type FileReport, runTestFile } from './run-test-file.ts';

// Files that end in every way that a test file can, and what must come of each.
const PREFIX = "import assert from 'node:assert/strict';\nimport { describe, test } from 'node:test';\n";
const WHOLE = 'the file as a whole';

interface Ending {
  what: string;
  code: string;
  limitMs?: number;
  expected: Pick<FileReport, 'passed' | 'failed' | 'skipped'> & { failures: { name: string; error: RegExp }[] };
}

const endings: Ending[] = [
  {
    what: 'passes, skips and leaves one to do',
    code: "test('a', () => {}); describe('s', () => { test('b', () => {}); test.skip('c'); test.todo('d', () => assert.fail()); });",
    expected: { passed: 2, failed: 0, skipped: 2, failures: [] },
  },
  {
    what: 'skips a whole suite',
    code: "test('a', () => {}); describe('s', { skip: 'no such program' }, () => { test('b', () => {}); test('c', () => {}); });",
    expected: { passed: 1, failed: 0, skipped: 1, failures: [] },
  },
  {
    what: 'fails inside suites',
    code: "describe('outer', () => { describe('inner', () => { test('one', () => {}); test('two', () => assert.equal(1, 2)); }); });",
    expected: { passed: 1, failed: 1, skipped: 0, failures: [{ name: 'outer > inner > two', error: /1 !== 2/ }] },
  },
  {
    what: 'throws while loading',
    code: "throw new Error('at load');",
    expected: { passed: 0, failed: 1, skipped: 0, failures: [{ name: WHOLE, error: /test failed/ }] },
  },
  {
    what: 'exits with a code in the middle',
    code: "test('a', () => process.exit(3));",
    expected: { passed: 0, failed: 1, skipped: 0, failures: [{ name: WHOLE, error: /test failed/ }] },
  },
  {
    what: 'exits with code 0 before its tests are done',
    code: "test('a', () => process.exit(0)); test('never', () => assert.fail());",
    expected: { passed: 0, failed: 1, skipped: 0, failures: [{ name: WHOLE, error: /ended before its tests did/ }] },
  },
  {
    what: 'is killed',
    code: "test('a', () => { process.kill(process.pid, 'SIGKILL'); });",
    expected: { passed: 0, failed: 1, skipped: 0, failures: [{ name: WHOLE, error: /test failed/ }] },
  },
  {
    what: 'sets an exit code although its tests pass',
    code: "test('a', () => { process.exitCode = 5; });",
    expected: { passed: 1, failed: 1, skipped: 0, failures: [{ name: WHOLE, error: /test failed/ }] },
  },
  {
    what: 'has no test',
    code: '',
    expected: { passed: 0, failed: 1, skipped: 0, failures: [{ name: WHOLE, error: /has none/ }] },
  },
  {
    what: 'never yields',
    code: "test('a', () => { for (;;); });",
    limitMs: 2_000,
    expected: { passed: 0, failed: 1, skipped: 0, failures: [{ name: WHOLE, error: /did not end within 2 s/ }] },
  },
  {
    what: 'waits for ever',
    code: "describe('s', () => { test('b', () => new Promise(() => { setInterval(() => {}, 1000); })); });",
    limitMs: 5_000,
    expected: {
      passed: 0,
      failed: 1,
      skipped: 0,
      failures: [{ name: WHOLE, error: /did not end within 5 s; the last that began: s > b/ }],
    },
  },
];

describe('a test file that', () => {
  let folder: string;
  const outerContext = process.env['NODE_TEST_CONTEXT'];
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'understudy-test-file-'));
    // Inside a test, node:test refuses to run others unless it does not know.
    delete process.env['NODE_TEST_CONTEXT'];
  });
  after(() => {
    if (outerContext !== undefined) process.env['NODE_TEST_CONTEXT'] = outerContext;
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [index, { what, code, limitMs = 120_000, expected }] of endings.entries()) {
    test(what, async () => {
      const file = `${index}.test.mjs`;
      writeFileSync(join(folder, file), PREFIX + code);
      const { passed, failed, skipped, failures } = await runTestFile(folder, file, limitMs);
      assert.deepEqual(
        { passed, failed, skipped, failures: failures.map(({ name }) => name) },
        { ...expected, failures: expected.failures.map(({ name }) => name) },
      );
      for (const [at, { error }] of expected.failures.entries()) assert.match(String(failures[at]?.error), error);
    });
  }

  test('writes to its console: the end of it is kept', async () => {
    writeFileSync(
      join(folder, 'console.test.mjs'),
      `${PREFIX}test('a', () => { console.log('x'.repeat(70_000)); console.log('the last words'); });`,
    );
    const { output } = await runTestFile(folder, 'console.test.mjs', 120_000);
    assert.match(output, /the last words\n$/);
    assert.equal(output.length, 64 * 1024);
  });
});
