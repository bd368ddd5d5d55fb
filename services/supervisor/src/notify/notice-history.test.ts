import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { NoticeRecord } from '@understudy/shared/contracts';
import { isoAt, T0 } from '../testing/error-events.ts';
import { openNoticeHistory } from './notice-history.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'history-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () => openNoticeHistory(folder, assert.ifError);
const record = (index: number, own: Partial<NoticeRecord> = {}): NoticeRecord => ({
  at: isoAt(T0 + index),
  kind: 'firing',
  state: 'firing',
  name: 'WATCHED',
  severity: 'WARNING',
  text: `number ${index}`,
  channels: ['console'],
  toldBy: 'alertmanager',
  key: `key ${index}`,
  thread: `thread ${index}`,
  ...own,
});
const numbers = (records: readonly NoticeRecord[]) => records.map(({ text }) => Number(text.slice('number '.length)));

describe('the history of notices', () => {
  it('is there again after a restart, newest first', () => {
    const first = open();
    for (const index of [1, 2, 3]) first.add(record(index));
    assert.deepEqual(open().find({ limit: 2 }), [record(3), record(2)]);
  });

  it('is filtered by time, policy and state', () => {
    const history = open();
    history.add(record(1, { policy: 'critical_errors' }));
    history.add(record(2, { kind: 'resolved', state: 'resolved', policy: 'critical_errors' }));
    history.add(record(3));
    assert.deepEqual(numbers(history.find({ limit: 9, since: isoAt(T0 + 2) })), [3, 2]);
    assert.deepEqual(numbers(history.find({ limit: 9, policy: 'critical_errors' })), [2, 1]);
    assert.deepEqual(numbers(history.find({ limit: 9, state: 'resolved' })), [2]);
  });

  it('keeps a thousand, in memory and on disk', () => {
    const history = open();
    for (let index = 1; index <= 2500; index += 1) history.add(record(index));
    assert.deepEqual(
      [history.records().length, numbers(history.records()).at(0), numbers(history.records()).at(-1)],
      [1000, 1501, 2500],
    );
    const lines = () => readFileSync(join(folder, 'notices.jsonl'), 'utf8').trim().split('\n').length;
    assert.ok(lines() <= 2000, `${lines()} lines`);
    assert.deepEqual(open().records(), history.records());
    assert.equal(lines(), 1000);
  });

  it('passes over a line that a crash tore, and goes on after it', () => {
    open().add(record(1));
    appendFileSync(join(folder, 'notices.jsonl'), '{"at":"2026-');
    open().add(record(2));
    assert.deepEqual(open().records(), [record(1), record(2)]);
  });

  it('goes on in memory where the disk does not take it', () => {
    const errors: unknown[] = [];
    const history = openNoticeHistory(folder, (error) => void errors.push(error));
    rmSync(folder, { recursive: true });
    history.add(record(1));
    assert.deepEqual([numbers(history.records()), errors.length], [[1], 1]);
  });
});
