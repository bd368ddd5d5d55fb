import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { addTotals, exitCodeOf, formatReport, formatTotals } from './format-report.ts';
import type { FileReport } from './run-test-file.ts';

const passedReport: FileReport = {
  file: 'a.test.ts',
  passed: 3,
  failed: 0,
  skipped: 1,
  durationMs: 12.4,
  failures: [],
  output: 'chatter\n',
};

describe('formatReport', () => {
  test('gives one line for a file that passed', () => {
    assert.equal(formatReport(passedReport), 'ok   a.test.ts (3 ok, 1 skipped, 12 ms)');
  });

  test('gives failures and console of one that failed', () => {
    const failures = [{ name: 'suite > case', error: 'did not end within 300 s' }];
    const report: FileReport = { ...passedReport, skipped: 0, failed: 1, durationMs: 1234, failures };
    assert.equal(
      formatReport(report),
      [
        'FAIL a.test.ts (3 ok, 1 failing, 1.2 s)',
        '    x suite > case',
        '        did not end within 300 s',
        '    its console:',
        '        chatter',
      ].join('\n'),
    );
  });
});

describe('the last line', () => {
  const cases = [
    { totals: { passed: 7, failed: 0, skipped: 0 }, line: '7 passed, 0 failed', exitCode: 0 },
    { totals: { passed: 7, failed: 2, skipped: 0 }, line: '7 passed, 2 failed', exitCode: 1 },
    { totals: { passed: 7, failed: 0, skipped: 4 }, line: '7 passed, 0 failed, 4 skipped', exitCode: 0 },
    { totals: { passed: 0, failed: 0, skipped: 0 }, line: '0 passed, 0 failed', exitCode: 1 },
  ];
  for (const { totals, line, exitCode } of cases) {
    test(`${line} means exit code ${exitCode}`, () => {
      assert.deepEqual({ line: formatTotals(totals), exitCode: exitCodeOf(totals) }, { line, exitCode });
    });
  }

  test('adds up what the stages gave', () => {
    const sum = addTotals({ passed: 1, failed: 2, skipped: 3 }, { passed: 10, failed: 20, skipped: 30 });
    assert.deepEqual(sum, { passed: 11, failed: 22, skipped: 33 });
  });
});
