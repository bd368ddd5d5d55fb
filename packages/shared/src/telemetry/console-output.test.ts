import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createConsoleOutput } from './console-output.ts';

const failure = (code: string): Error => Object.assign(new Error(code), { code });

/** A descriptor that answers each write with the next of its script: a number of bytes, `all`, or an error's code. */
function scripted(script: ('all' | number | string)[]) {
  let written = '';
  let lost = 0;
  let sleptMs = 0;
  const output = createConsoleOutput({
    write(_fd, buffer, offset, length) {
      const step = script.shift() ?? 'all';
      if (typeof step === 'string' && step !== 'all') throw failure(step);
      const taken = step === 'all' ? length : Math.min(Number(step), length);
      written += Buffer.from(buffer.subarray(offset, offset + taken)).toString();
      return taken;
    },
    sleep: (ms) => {
      sleptMs += ms;
    },
    onLost: () => {
      lost += 1;
    },
  });
  return { output, result: () => ({ written, lost, sleptMs }) };
}

const full = (times: number): string[] => Array(times).fill('EAGAIN');

test('a partial write is continued', () => {
  const { output, result } = scripted([2, 1]);
  output.write('hello\n');
  assert.deepEqual(result(), { written: 'hello\n', lost: 0, sleptMs: 0 });
});

test('a full pipe is waited for', () => {
  const { output, result } = scripted([3, ...full(5)]);
  output.write('hello\n');
  assert.deepEqual(result(), { written: 'hello\n', lost: 0, sleptMs: 5 });
});

test('a reader that does not read loses lines, is waited for once, and gets whole lines afterwards', () => {
  const { output, result } = scripted([3, ...full(21), ...full(1), 'all']);
  for (const line of ['first\n', 'second\n', 'third\n', 'fourth\n']) output.write(line);
  assert.deepEqual(result(), { written: 'fir\nthird\nfourth\n', lost: 2, sleptMs: 20 });
});

test('a line of which nothing was written leaves no empty line', () => {
  const { output, result } = scripted([...full(21), 'all']);
  output.write('first\n');
  output.write('second\n');
  assert.deepEqual(result(), { written: 'second\n', lost: 1, sleptMs: 20 });
});

test('a reader that is gone ends the output, counted once', () => {
  const { output, result } = scripted(['EPIPE']);
  output.write('first\n');
  output.write('second\n');
  assert.deepEqual(result(), { written: '', lost: 1, sleptMs: 0 });
});

test('another failure loses its line only', () => {
  const { output, result } = scripted(['ENOSPC']);
  output.write('first\n');
  output.write('second\n');
  assert.deepEqual(result(), { written: 'second\n', lost: 1, sleptMs: 0 });
});
