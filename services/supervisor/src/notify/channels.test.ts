import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import type { NoticeRecord } from '@understudy/shared/contracts';
import { isoAt, T0 } from '../testing/error-events.ts';
import { logFileChannel } from './channels.ts';

const record = (own: Partial<NoticeRecord> = {}): NoticeRecord => ({
  at: isoAt(T0),
  kind: 'opened',
  state: 'firing',
  name: 'LLM_QUOTA_EXHAUSTED',
  severity: 'CRITICAL',
  policy: 'critical_errors',
  incidentId: 'incident-0001',
  text: 'it is opened',
  channels: ['log_file'],
  toldBy: 'supervisor',
  key: 'a key',
  thread: 'incident-0001',
  ...own,
});

it('the log_file channel writes one JSON line a notice, with the fields of a log line', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'notices-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const channel = logFileChannel(join(folder, 'logs'));
  channel.write(record());
  const { policy: _policy, incidentId: _incident, ...rule } = record({ kind: 'resolved', state: 'resolved' });
  channel.write({ ...rule, toldBy: 'alertmanager' });
  channel.close();
  const lines = readFileSync(join(folder, 'logs', 'notices.log'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  const same = {
    timestamp: isoAt(T0),
    service: 'supervisor',
    module: 'notices',
    message: 'it is opened',
    error_code: 'LLM_QUOTA_EXHAUSTED',
  };
  assert.deepEqual(lines, [
    {
      ...same,
      level: 'CRITICAL',
      incident_id: 'incident-0001',
      context: { kind: 'opened', policy: 'critical_errors', told_by: 'supervisor' },
    },
    {
      ...same,
      level: 'INFO',
      incident_id: null,
      context: { kind: 'resolved', policy: null, told_by: 'alertmanager' },
    },
  ]);
});

it('a file that cannot be written is a failure of the channel, not silence', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'notices-'));
  context.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'logs'), 'no folder');
  const channel = logFileChannel(join(folder, 'logs'));
  assert.throws(() => channel.write(record()));
});
