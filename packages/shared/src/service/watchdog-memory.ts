/**
 * The memory that the main thread and its watchdog share. The main thread only writes, the watchdog only reads:
 * a counter that says "the event loop turns" and the number of the operation that runs, whose name stands in a table.
 */
const BEATS = 0;
const OPERATION = 1;
const NUMBERS = 2;

const MAX_OPERATIONS = 256;
/** UTF-8 bytes of a name; the first of each slot holds the length. */
const MAX_NAME_BYTES = 95;
const SLOT_BYTES = MAX_NAME_BYTES + 1;
const NAMES_OFFSET = NUMBERS * Int32Array.BYTES_PER_ELEMENT;

export const createWatchdogMemory = (): SharedArrayBuffer =>
  new SharedArrayBuffer(NAMES_OFFSET + MAX_OPERATIONS * SLOT_BYTES);

export interface WatchdogWriter {
  beat(): void;
  /** Names the operation that runs from now on. A map look-up and one store, after the name's first use. */
  operation(name: string): void;
}

export function createWatchdogWriter(memory: SharedArrayBuffer): WatchdogWriter {
  const numbers = new Int32Array(memory, 0, NUMBERS);
  const names = new Uint8Array(memory, NAMES_OFFSET);
  const encoder = new TextEncoder();
  const known = new Map<string, number>([['', 0]]);

  /** Names come from code and are few; past the table's end the last slot is written over and not remembered. */
  function learn(name: string): number {
    const index = known.size;
    const slot = names.subarray(index * SLOT_BYTES, (index + 1) * SLOT_BYTES);
    slot[0] = encoder.encodeInto(name, slot.subarray(1)).written;
    if (index < MAX_OPERATIONS - 1) known.set(name, index);
    return index;
  }

  return {
    beat() {
      Atomics.add(numbers, BEATS, 1);
    },
    operation(name) {
      Atomics.store(numbers, OPERATION, known.get(name) ?? learn(name));
    },
  };
}

export interface WatchdogReader {
  beats(): number;
  /** The last operation that was named; empty when none was. */
  operation(): string;
}

export function createWatchdogReader(memory: SharedArrayBuffer): WatchdogReader {
  const numbers = new Int32Array(memory, 0, NUMBERS);
  const names = new Uint8Array(memory, NAMES_OFFSET);
  return {
    beats: () => Atomics.load(numbers, BEATS),
    operation() {
      const start = Atomics.load(numbers, OPERATION) * SLOT_BYTES;
      const length = names[start] ?? 0;
      // A copy: text decoders refuse shared memory.
      return new TextDecoder().decode(names.slice(start + 1, start + 1 + length));
    },
  };
}
