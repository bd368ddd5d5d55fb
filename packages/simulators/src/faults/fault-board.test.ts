import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFaultBoard, type Schedule, UnknownFaultError } from './fault-board.ts';
import type { FaultName } from './fault-table.ts';

function setUp() {
  const scheduled: { run: () => void; delayMs: number; cancelled: boolean }[] = [];
  const schedule: Schedule = (run, delayMs) => {
    const entry = { run, delayMs, cancelled: false };
    scheduled.push(entry);
    return () => {
      entry.cancelled = true;
    };
  };
  let changes = 0;
  const targets = new Map<FaultName, readonly string[]>([
    ['llm_timeout', ['primary', 'backup']],
    ['camera_black', []],
  ]);
  const board = createFaultBoard({ targets, schedule, onChange: () => changes++ });
  return { board, scheduled, changes: () => changes };
}

test('a fault with a target hits that part only, one without hits all', () => {
  const { board } = setUp();
  board.apply('llm_timeout', 'primary');
  assert.deepEqual(
    [board.holds('llm_timeout', 'primary'), board.holds('llm_timeout', 'backup'), board.holds('llm_timeout')],
    [true, false, true],
  );
  board.apply('llm_timeout');
  assert.equal(board.holds('llm_timeout', 'backup'), true);
  board.clear();
  assert.equal(board.holds('llm_timeout'), false);
});

test('a fault ends after its time and says that something changed', () => {
  const { board, scheduled, changes } = setUp();
  board.apply('llm_timeout', 'primary', 500);
  assert.deepEqual(board.active(), [{ fault: 'llm_timeout', target: 'primary', durationMs: 500 }]);
  assert.equal(scheduled[0]?.delayMs, 500);
  scheduled[0]?.run();
  assert.deepEqual(board.active(), []);
  assert.equal(changes(), 2);
});

test('the same fault applied again starts its time anew and is listed once, last', () => {
  const { board, scheduled } = setUp();
  board.apply('llm_timeout', 'primary', 500);
  board.apply('camera_black');
  board.apply('llm_timeout', 'primary', 900);
  assert.deepEqual(
    scheduled.map(({ delayMs, cancelled }) => ({ delayMs, cancelled })),
    [
      { delayMs: 500, cancelled: true },
      { delayMs: 900, cancelled: false },
    ],
  );
  assert.deepEqual(board.active(), [
    { fault: 'camera_black' },
    { fault: 'llm_timeout', target: 'primary', durationMs: 900 },
  ]);
});

test('clearing cancels what is scheduled', () => {
  const { board, scheduled } = setUp();
  board.apply('llm_timeout', undefined, 500);
  board.clear();
  assert.equal(scheduled[0]?.cancelled, true);
});

test('an unknown fault or target is refused with what is allowed', () => {
  const { board } = setUp();
  const refused = (apply: () => void, message: string) =>
    assert.throws(apply, (error) => error instanceof UnknownFaultError && error.message === message);
  refused(() => board.apply('osc_flood'), "No fault 'osc_flood' here. Allowed: llm_timeout, camera_black.");
  refused(
    () => board.apply('llm_timeout', 'third'),
    "Fault 'llm_timeout' cannot hit 'third'. Targets: primary, backup.",
  );
  refused(() => board.apply('camera_black', 'left'), "Fault 'camera_black' cannot hit 'left'. It takes no target.");
  assert.deepEqual(board.active(), []);
});
