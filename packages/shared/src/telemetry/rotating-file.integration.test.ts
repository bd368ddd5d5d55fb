import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createRotatingFile, type RotatingFileOptions } from './rotating-file.ts';

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-rotating-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Name -> content of every file, decompressed. */
function contents(folder: string): Record<string, string> {
  const read = (name: string): [string, string] => {
    const bytes = readFileSync(join(folder, name));
    return [name, (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()];
  };
  return Object.fromEntries(readdirSync(folder).sort().map(read));
}

function recording(folder: string, options: Partial<RotatingFileOptions> = {}) {
  const path = join(folder, 'app.log');
  const errors: string[] = [];
  const resumed: number[] = [];
  const file = createRotatingFile({
    path,
    maxSizeBytes: 12,
    generations: 3,
    onError: (error) => errors.push(error instanceof Error && 'code' in error ? String(error.code) : String(error)),
    onResumed: (lost) => resumed.push(lost),
    ...options,
  });
  return { file, path, errors, resumed };
}

test('what failed is tried again in its time, also when the clock is set back meanwhile', (t) => {
  let isFull = true;
  let wallMs = Date.now();
  t.mock.method(Date, 'now', () => wallMs);
  const { file, resumed } = recording(folderOf(t), {
    retryAfterMs: 0,
    write: (...given) => {
      if (isFull) throw new Error('ENOSPC');
      return writeSync(...given);
    },
  });
  file.write('lost\n');
  isFull = false;
  wallMs -= 3_600_000;
  file.write('kept\n');
  assert.deepEqual(resumed, [1]);
  file.close();
});

test('generation 1 stays plain, older ones are compressed, the oldest is dropped', async (t) => {
  const folder = folderOf(t);
  const { file, errors } = recording(folder);
  for (const line of ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']) {
    file.write(`${line}\n`);
    await file.settled();
  }
  file.close();
  assert.deepEqual(contents(folder), {
    'app.log': 'nine\n',
    'app.log.1': 'seven\neight\n',
    'app.log.2.gz': 'five\nsix\n',
    'app.log.3.gz': 'three\nfour\n',
  });
  assert.deepEqual(errors, []);
});

test('rotations faster than the compression mix no two generations', async (t) => {
  const folder = folderOf(t);
  const { file, errors } = recording(folder, { generations: 8 });
  for (let n = 0; n < 8; n += 1) file.write(`line number ${n}\n`);
  await file.settled();
  file.close();
  assert.deepEqual(contents(folder), {
    'app.log': 'line number 7\n',
    'app.log.1': 'line number 6\n',
    'app.log.2.gz': 'line number 5\n',
    'app.log.3.gz': 'line number 4\n',
    'app.log.4.gz': 'line number 3\n',
    'app.log.5.gz': 'line number 2\n',
    'app.log.6.gz': 'line number 1\n',
    'app.log.7.gz': 'line number 0\n',
  });
  assert.deepEqual(errors, []);
});

test('the start finishes what a crash left: a torn line, a half compression, a second form, a surplus generation', async (t) => {
  const folder = folderOf(t);
  const left: Record<string, string | Buffer> = {
    'app.log': 'torn',
    'app.log.1': 'newest\n',
    'app.log.2': 'waiting\n',
    'app.log.gz.tmp': 'half',
    'app.log.3': 'plain form\n',
    'app.log.3.gz': gzipSync('compressed form\n'),
    'app.log.7.gz': gzipSync('surplus\n'),
    'app.log.keep': 'not ours',
  };
  for (const [name, content] of Object.entries(left)) writeFileSync(join(folder, name), content);
  const { file } = recording(folder);
  file.write('next\n');
  await file.settled();
  file.close();
  assert.deepEqual(contents(folder), {
    'app.log': 'torn\nnext\n',
    'app.log.1': 'newest\n',
    'app.log.2.gz': 'waiting\n',
    'app.log.3.gz': 'compressed form\n',
    'app.log.keep': 'not ours',
  });
});

test('a file whose generation is dropped while it is compressed comes back under no name', async (t) => {
  const folder = folderOf(t);
  const { file, errors } = recording(folder, { generations: 2 });
  for (let n = 0; n < 8; n += 1) file.write(`line number ${n}\n`);
  await file.settled();
  file.close();
  assert.deepEqual(contents(folder), {
    'app.log': 'line number 7\n',
    'app.log.1': 'line number 6\n',
    'app.log.2.gz': 'line number 5\n',
  });
  assert.deepEqual(errors, []);
});

test('a half compression is removed even when nothing waits to be compressed', (t) => {
  const folder = folderOf(t);
  writeFileSync(join(folder, 'app.log.gz.tmp'), 'half');
  recording(folder).file.close();
  assert.deepEqual(contents(folder), { 'app.log': '' });
});

test('a line is written whole although the system takes it in parts', (t) => {
  const folder = folderOf(t);
  const { file } = recording(folder, { write: (fd, bytes, offset) => writeSync(fd, bytes, offset, 1) });
  file.write('héllo\n');
  file.close();
  assert.deepEqual(contents(folder), { 'app.log': 'héllo\n' });
});

test('a line that broke in the middle is not glued to the next', (t) => {
  const folder = folderOf(t);
  let room = 3;
  let time = 0;
  const { file, errors, resumed } = recording(folder, {
    now: () => time,
    retryAfterMs: 1000,
    write: (fd, bytes, offset, length) => {
      if (room === 0) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      const written = writeSync(fd, bytes, offset, Math.min(room, length));
      room -= written;
      return written;
    },
  });
  file.write('first\n');
  room = 100;
  file.write('second\n');
  time = 1000;
  file.write('third\n');
  file.close();
  assert.deepEqual(contents(folder), { 'app.log': 'fir\nthird\n' });
  assert.deepEqual(
    { errors, resumed },
    {
      errors: ['ENOSPC', `Error: The log file ${join(folder, 'app.log')} is not written since an earlier failure.`],
      resumed: [2],
    },
  );
});

test('a full disk (the real error) loses lines, counted, and nothing throws', {
  skip: process.platform !== 'linux' && 'no /dev/full',
}, (t) => {
  const folder = folderOf(t);
  const path = join(folder, 'app.log');
  symlinkSync('/dev/full', path);
  let time = 0;
  const { file, errors, resumed } = recording(folder, { now: () => time, retryAfterMs: 1000 });
  file.write('first\n');
  time = 1000;
  file.write('second\n');
  unlinkSync(path);
  time = 2000;
  file.write('third\n');
  file.close();
  assert.deepEqual(contents(folder), { 'app.log': 'third\n' });
  assert.deepEqual({ errors, resumed }, { errors: ['ENOSPC', 'ENOSPC'], resumed: [2] });
});

test('a folder that cannot be made is no reason to fail; it is tried again', (t) => {
  const folder = folderOf(t);
  const blocked = join(folder, 'logs');
  writeFileSync(blocked, 'a file');
  let time = 0;
  const { file, errors, resumed } = recording(folder, {
    path: join(blocked, 'app.log'),
    now: () => time,
    retryAfterMs: 1000,
  });
  file.write('first\n');
  unlinkSync(blocked);
  time = 1000;
  file.write('second\n');
  file.close();
  assert.deepEqual(
    { lines: contents(blocked), first: errors[0], resumed },
    {
      lines: { 'app.log': 'second\n' },
      first: 'EEXIST',
      resumed: [1],
    },
  );
});

test('a rotation that fails lets the file grow to twice its size and no further', (t) => {
  const folder = folderOf(t);
  let time = 0;
  const { file, path, errors, resumed } = recording(folder, { generations: 1, now: () => time, retryAfterMs: 1000 });
  const obstacle = `${path}.1`;
  mkdirSync(obstacle);
  for (const line of ['first line\n', 'second one\n', 'third line\n']) file.write(line);
  rmdirSync(obstacle);
  time = 1000;
  file.write('fourth one\n');
  file.close();
  assert.deepEqual(contents(folder), { 'app.log': 'fourth one\n', 'app.log.1': 'first line\nsecond one\n' });
  assert.deepEqual(
    { errors, resumed },
    { errors: ['ERR_FS_EISDIR', `Error: The log file ${path} is full and cannot be rotated.`], resumed: [1] },
  );
});
