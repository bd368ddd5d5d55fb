import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countLines } from './count-lines.ts';

for (const [what, text, lines] of [
  ['nothing is a line', '', 1],
  ['24 letters', 'A'.repeat(24), 1],
  ['25 letters', 'A'.repeat(25), 2],
  ['a word that does not fit begins a line', `${'A'.repeat(20)} words`, 2],
  ['the space before it takes no room there', `${'A'.repeat(24)} ${'B'.repeat(24)}`, 2],
  ['a word longer than two lines', `a ${'B'.repeat(50)}`, 4],
  ['15 signs of Japanese', 'あ'.repeat(15), 1],
  ['16 signs of Japanese', 'あ'.repeat(16), 2],
  ['Japanese breaks anywhere', `${'A'.repeat(12)}${'語'.repeat(8)}`, 2],
  ['135 signs of Japanese, nine lines', '漢'.repeat(135), 9],
  ['136 signs of Japanese, ten lines', '漢'.repeat(136), 10],
  ['144 signs of Korean: 15 a line, though it would take 16', '아'.repeat(144), 10],
  ['emoji are wide', '🎭'.repeat(16), 2],
  ['line ends count, and what is wrapped between them', `a\n${'あ'.repeat(31)}\nb`, 5],
  ['English, wrapped at words', 'I spent the morning counting clouds over the lake.', 3],
  ['quotes and dashes are narrow', '“Well…” — said he — ‘no’', 1],
] as const)
  test(what, () => assert.equal(countLines(text), lines));
