import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWatchdogMemory, createWatchdogReader, createWatchdogWriter } from './watchdog-memory.ts';

function both() {
  const memory = createWatchdogMemory();
  return { writer: createWatchdogWriter(memory), reader: createWatchdogReader(memory) };
}

test('the reader sees beats and the last named operation', () => {
  const { writer, reader } = both();
  const before = { beats: reader.beats(), operation: reader.operation() };
  writer.beat();
  writer.beat();
  writer.operation('parse model answer');
  const named = { beats: reader.beats(), operation: reader.operation() };
  writer.operation('');
  assert.deepEqual(
    [before, named, { beats: reader.beats(), operation: reader.operation() }],
    [
      { beats: 0, operation: '' },
      { beats: 2, operation: 'parse model answer' },
      { beats: 2, operation: '' },
    ],
  );
});

test('a long name is cut at 95 bytes, between characters', () => {
  const { writer, reader } = both();
  writer.operation('é'.repeat(100));
  assert.equal(reader.operation(), 'é'.repeat(47));
});

test('names past the end of the table are still reported, and the first ones kept', () => {
  const { writer, reader } = both();
  const seen = Array.from({ length: 400 }, (_, index) => {
    writer.operation(`operation ${index}`);
    return reader.operation();
  });
  assert.deepEqual(
    seen,
    Array.from({ length: 400 }, (_, index) => `operation ${index}`),
  );
  writer.operation('operation 0');
  assert.equal(reader.operation(), 'operation 0');
});
