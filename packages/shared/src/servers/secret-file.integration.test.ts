import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ensureSecret, writePrivately } from './secret-file.ts';

const newFolder = () => mkdtempSync(join(tmpdir(), 'understudy-secret-'));
const modeOf = (file: string) => (process.platform === 'win32' ? 0o600 : statSync(file).mode & 0o777);

test('a secret is made once, differs from others, and is for its owner alone', () => {
  const folder = newFolder();
  const first = ensureSecret(join(folder, 'deep', 'a.password'));
  assert.match(first, /^[A-Za-z0-9_-]{43}$/);
  assert.equal(ensureSecret(join(folder, 'deep', 'a.password')), first);
  assert.notEqual(ensureSecret(join(folder, 'b.password')), first);
  assert.equal(modeOf(join(folder, 'b.password')), 0o600);
});

test("the operator's own secret is taken as it is, without the line end of an editor", () => {
  const file = join(newFolder(), 'own');
  writeFileSync(file, 'chosen\n');
  assert.equal(ensureSecret(file), 'chosen');
});

test('an empty secret is an error that says what to do', () => {
  const file = join(newFolder(), 'empty');
  writeFileSync(file, '\n');
  assert.throws(() => ensureSecret(file), { message: `${file} is empty: remove it, the next start makes a new one` });
});

test('a private file replaces one that others could read', () => {
  const file = join(newFolder(), 'nats.conf');
  writeFileSync(file, 'old', { mode: 0o644 });
  writePrivately(file, 'new');
  assert.deepEqual([readFileSync(file, 'utf8'), modeOf(file)], ['new', 0o600]);
});
