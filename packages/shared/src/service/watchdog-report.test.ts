import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { takeWatchdogReport, type WatchdogReport } from './watchdog-report.ts';

const folder = mkdtempSync(join(tmpdir(), 'understudy-report-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'report.jsonl');

const REPORT: WatchdogReport = {
  code: 'EVENT_LOOP_BLOCKED',
  service: 'llm-service',
  pid: 4711,
  at: '2026-11-24T10:00:00.000Z',
  blockedMs: 1012,
  thresholdMs: 1000,
  operation: null,
  stack: ['spin (file:///app/spin.ts:3:5)'],
};

test('the newest report is read once and removed', () => {
  const older = { ...REPORT, pid: 4710 };
  writeFileSync(path, `${JSON.stringify(older)}\n${JSON.stringify(REPORT)}\n`);
  assert.deepEqual([takeWatchdogReport(path), existsSync(path), takeWatchdogReport(path)], [REPORT, false, undefined]);
});

for (const { name, line } of [
  { name: 'a torn line', line: JSON.stringify(REPORT).slice(0, 40) },
  { name: 'a line of another kind', line: '{"code":"SOMETHING"}' },
  { name: 'a number', line: '7' },
]) {
  test(`${name} is passed over and the report before it taken`, () => {
    writeFileSync(path, `${JSON.stringify(REPORT)}\n${line}`);
    assert.deepEqual([takeWatchdogReport(path), existsSync(path)], [REPORT, false]);
  });
}
