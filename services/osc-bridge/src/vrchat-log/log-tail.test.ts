import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { MAX_LINE_BYTES } from './line-splitter.ts';
import { createLogTail, MAX_READ_BYTES } from './log-tail.ts';

const FIRST = 'output_log_2026-11-24_20-00-00.txt';
const SECOND = 'output_log_2026-11-24_21-00-00.txt';

function arrange(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-log-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const tail = createLogTail();
  return {
    look: () => tail.look(folder),
    put: (name: string, text: string) => writeFileSync(join(folder, name), text),
    add: (name: string, text: string) => appendFileSync(join(folder, name), text),
  };
}

test('new lines come once, a begun line when it is whole', async (t) => {
  const { look, put, add } = arrange(t);
  assert.deepEqual(await look(), { file: undefined, started: false, grew: false, lines: [] });
  put(FIRST, 'one\r\ntw');
  put('output_log_notes.txt', 'not a log\n');
  assert.deepEqual(await look(), { file: FIRST, started: true, grew: false, lines: ['one'] });
  assert.deepEqual(await look(), { file: FIRST, started: false, grew: false, lines: [] });
  add(FIRST, 'o\nthree\n');
  assert.deepEqual(await look(), { file: FIRST, started: false, grew: true, lines: ['two', 'three'] });
});

test('a newer file, or one that was cut, is a new start', async (t) => {
  const { look, put } = arrange(t);
  put(FIRST, 'one\nrest without an end');
  await look();
  put(SECOND, 'first line\n');
  assert.deepEqual(await look(), { file: SECOND, started: true, grew: false, lines: ['first line'] });
  put(SECOND, 'cut\n');
  assert.deepEqual(await look(), { file: SECOND, started: true, grew: true, lines: ['cut'] });
});

test('of a huge log only the beginning and the end are read (F48), and no half line from the gap', async (t) => {
  const { look, put, add } = arrange(t);
  const filler = `${'x'.repeat(99)}\n`;
  put(FIRST, `head\n${filler.repeat(400_000)}tail\n`);
  const { lines } = await look();
  assert.deepEqual(
    { first: lines[0], last: lines.at(-1), bounded: lines.join('\n').length <= 2 * MAX_READ_BYTES },
    { first: 'head', last: 'tail', bounded: true },
  );
  assert.deepEqual([...new Set(lines.slice(1, -1).map((line) => line.length))], [99]);
  add(FIRST, `${'y'.repeat(MAX_LINE_BYTES + 1)}\nshort\n`);
  assert.deepEqual((await look()).lines, ['short']);
});
