import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ServiceError } from '@understudy/shared/errors';
import type { OscMessage } from '../osc/osc-message.ts';
import { createEverHeldFile } from './ever-held-file.ts';
import type { InputName } from './input-table.ts';
import { inputMessage } from './input-table.ts';
import { createInputs } from './inputs.ts';

function arrange(earlier: readonly InputName[] = []) {
  let time = 0;
  const sent: OscMessage[] = [];
  const reported: ServiceError[] = [];
  const names = new Set(earlier);
  const inputs = createInputs({
    now: () => time,
    leaseMs: () => 2000,
    everHeld: { read: () => [...names], add: (name) => void names.add(name) },
    send: async (outgoing) => {
      sent.push(outgoing);
      return true;
    },
    report: (error) => reported.push(error),
  });
  const beat = (at: number, isReachable = true): OscMessage[] => {
    time = at;
    inputs.beat(isReachable);
    return sent.splice(0);
  };
  return { inputs, beat, sent, reported };
}

test('pressed, held for its time, released twice', async () => {
  const { inputs, beat, sent, reported } = arrange();
  assert.equal(await inputs.hold('Vertical', 1, 500), 500);
  assert.deepEqual(sent.splice(0), [inputMessage('Vertical', 1)]);
  assert.deepEqual(
    [beat(400), beat(500), beat(600), beat(700)],
    [[], [inputMessage('Vertical', 0)], [inputMessage('Vertical', 0)], []],
  );
  assert.deepEqual(reported, []);
});

test('a lease that nobody ended is released and reported', async () => {
  const { inputs, beat, sent, reported } = arrange();
  assert.equal(await inputs.hold('Run', 1), 2000);
  sent.splice(0);
  assert.deepEqual(beat(2000), [inputMessage('Run', 0)]);
  assert.deepEqual(
    reported.map(({ code, message, facts }) => ({ code, message, facts })),
    [
      {
        code: 'OSC_INPUT_HELD',
        message: 'Run was held for 2000 ms (vrchat.input_lease_ms) without being renewed or released; it was released',
        facts: { subject: 'Run', capability: 'act' },
      },
    ],
  );
});

test('while VRChat is away the release is owed, and told when it is back', async () => {
  const { inputs, beat, sent } = arrange();
  await inputs.hold('Vertical', 1, 500);
  sent.splice(0);
  assert.deepEqual([beat(500, false), beat(3_600_000, false)], [[], []]);
  inputs.releaseEverHeld();
  assert.deepEqual(beat(3_600_100), [inputMessage('Vertical', 0)]);
});

test('what an earlier process held is released first of all', () => {
  const { beat } = arrange(['MoveForward']);
  assert.deepEqual(beat(0), [inputMessage('MoveForward', 0)]);
});

test('at the end all is released at once', async () => {
  const { inputs, sent } = arrange();
  await inputs.hold('Jump', 1);
  assert.equal(inputs.isIdle(), false);
  sent.splice(0);
  await inputs.finish();
  assert.deepEqual({ sent, idle: inputs.isIdle() }, { sent: [inputMessage('Jump', 0)], idle: true });
});

test('the names that were ever held survive the process; a broken file holds none', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'understudy-inputs-')), 'sub', 'ever-held.json');
  const file = createEverHeldFile(path);
  file.add('Vertical');
  file.add('Vertical');
  file.add('Jump');
  assert.equal(readFileSync(path, 'utf8'), '["Vertical","Jump"]');
  assert.deepEqual(createEverHeldFile(path).read(), ['Vertical', 'Jump']);
  writeFileSync(path, '["Vertical", "NoSuchInput", 7]');
  assert.deepEqual(createEverHeldFile(path).read(), ['Vertical']);
  writeFileSync(path, '["Vert');
  assert.deepEqual(createEverHeldFile(path).read(), []);
});
