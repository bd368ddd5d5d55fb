import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRepeatFolding, type LineIdentity } from './repeat-folding.ts';

const LINE: LineIdentity = {
  level: 'ERROR',
  module: 'osc',
  message: 'Send failed',
  error_code: 'OSC_SEND_FAILED',
  incident_id: null,
};
const LIMITS = { windowMs: 1000, burst: 2, maxIdentities: 3 };
const PASS = { pass: true, reports: [] };
const FOLD = { pass: false, reports: [] };

test('the burst passes, the rest is counted, the next window begins with the count', () => {
  const folding = createRepeatFolding(LIMITS);
  assert.deepEqual(
    [0, 10, 20, 999, 1000, 1001].map((now) => folding.admit(LINE, now)),
    [PASS, PASS, FOLD, FOLD, { pass: true, reports: [{ line: LINE, repeated: 2, since: 0 }] }, PASS],
  );
});

test('the end of a flood is reported without another line, once', () => {
  const folding = createRepeatFolding(LIMITS);
  for (let now = 0; now < 5; now += 1) folding.admit(LINE, now);
  assert.deepEqual(
    [folding.due(999), folding.due(1000), folding.due(3000), folding.drain()],
    [[], [{ line: LINE, repeated: 3, since: 0 }], [], []],
  );
});

for (const { name, other } of [
  { name: 'level', other: { ...LINE, level: 'WARNING' as const } },
  { name: 'module', other: { ...LINE, module: 'chatbox' } },
  { name: 'message', other: { ...LINE, message: 'Send failed again' } },
  { name: 'error code', other: { ...LINE, error_code: null } },
  { name: 'incident', other: { ...LINE, incident_id: 'i-1' } },
]) {
  test(`a line of another ${name} is another line`, () => {
    const folding = createRepeatFolding({ ...LIMITS, burst: 1 });
    assert.deepEqual([folding.admit(LINE, 0), folding.admit(other, 0), folding.admit(LINE, 0)], [PASS, PASS, FOLD]);
  });
}

test('the oldest identity gives way and its count is not lost', () => {
  const folding = createRepeatFolding({ ...LIMITS, burst: 1 });
  const named = (message: string) => ({ ...LINE, message });
  for (const message of ['a', 'a', 'b', 'c']) folding.admit(named(message), 0);
  assert.deepEqual(folding.admit(named('d'), 1), {
    pass: true,
    reports: [{ line: named('a'), repeated: 1, since: 0 }],
  });
});

test('an identity that comes back is the newest again', () => {
  const folding = createRepeatFolding({ ...LIMITS, burst: 1 });
  const named = (message: string) => ({ ...LINE, message });
  for (const message of ['a', 'b', 'c']) folding.admit(named(message), 0);
  for (const message of ['a', 'a', 'b', 'b']) folding.admit(named(message), 1000);
  // `c` is the oldest and has nothing to report; `a` and `b` keep their counts.
  assert.deepEqual(folding.admit(named('d'), 1001), PASS);
  assert.deepEqual(
    folding.drain().map(({ line, repeated }) => [line.message, repeated]),
    [
      ['a', 1],
      ['b', 1],
    ],
  );
});

test('a clock that is set back opens a window instead of folding until it catches up', () => {
  const folding = createRepeatFolding({ ...LIMITS, burst: 1 });
  assert.deepEqual([folding.admit(LINE, 5000), folding.admit(LINE, 10)], [PASS, PASS]);
});

test('every line either passes or is in exactly one report', () => {
  const line = fc.record({ message: fc.constantFrom('a', 'b', 'c', 'd', 'e'), gap: fc.nat(600) });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 300 }), (lines) => {
      const folding = createRepeatFolding(LIMITS);
      let now = 0;
      let passed = 0;
      let reported = 0;
      for (const { message, gap } of lines) {
        now += gap;
        const { pass, reports } = folding.admit({ ...LINE, message }, now);
        passed += pass ? 1 : 0;
        for (const { repeated } of reports) reported += repeated;
      }
      for (const { repeated } of [...folding.due(now), ...folding.drain()]) reported += repeated;
      assert.equal(passed + reported, lines.length);
    }),
  );
});
