import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { registerSecret } from '../telemetry/index.ts';
import { createRejectedMessages } from './rejected-messages.ts';

const newFolder = () => join(mkdtempSync(join(tmpdir(), 'rejected-')), 'rejected');
const NOON = Date.UTC(2026, 10, 24, 12);

describe('rejected messages', () => {
  it('are kept for inspection, one JSON line each, for the owner of the process alone', () => {
    const folder = newFolder();
    createRejectedMessages(folder, () => NOON)({ subject: 'understudy.main.reply', reason: '/seq: is -1', text: '{}' });
    const file = join(folder, 'rejected.jsonl');
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), {
      at: '2026-11-24T12:00:00.000Z',
      subject: 'understudy.main.reply',
      reason: '/seq: is -1',
      text: '{}',
    });
    assert.equal(statSync(file).mode & 0o077, 0);
  });

  it('fill two files of about 1 MB at most, whatever comes', () => {
    const folder = newFolder();
    const keep = createRejectedMessages(folder, () => NOON);
    const flood = 'word '.repeat(50_000);
    for (let i = 0; i < 1000; i += 1) keep({ subject: flood, reason: flood, text: flood });
    assert.deepEqual(readdirSync(folder).sort(), ['rejected.jsonl', 'rejected.jsonl.1']);
    for (const name of readdirSync(folder)) assert.ok(statSync(join(folder, name)).size < 1.01 * 1024 * 1024, name);
  });

  it('hold no secret and no address of a viewer', () => {
    registerSecret('planted-secret-0001');
    const folder = newFolder();
    const text = '{"key":"planted-secret-0001","mail":"viewer@example.org"}';
    createRejectedMessages(folder, () => NOON)({ subject: 's', reason: 'planted-secret-0001', text });
    assert.doesNotMatch(readFileSync(join(folder, 'rejected.jsonl'), 'utf8'), /planted|viewer@/);
  });

  it('turn no bad message into a crash where the folder is gone', () => {
    const folder = newFolder();
    const keep = createRejectedMessages(folder, () => NOON);
    rmSync(folder, { recursive: true });
    assert.doesNotThrow(() => keep({ subject: 's', reason: 'r', text: 't' }));
  });
});
