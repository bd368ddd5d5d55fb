import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ServiceError } from '@understudy/shared/errors';
import type { OscMessage } from '../osc/osc-message.ts';
import { createEverHeldFile } from './ever-held-file.ts';
import type { InputName } from './input-table.ts';
import { INPUT_NAMES, inputMessage } from './input-table.ts';
import { createInputs } from './inputs.ts';

function arrange(earlier: readonly InputName[] = [], takes = true) {
  let time = 0;
  let isTaken = takes;
  const sent: OscMessage[] = [];
  const reported: ServiceError[] = [];
  const names = new Set(earlier);
  const inputs = createInputs({
    now: () => time,
    leaseMs: () => 2000,
    everHeld: { read: () => [...names], add: (name) => void names.add(name) },
    send: async (outgoing) => {
      sent.push(outgoing);
      return isTaken;
    },
    report: (error) => reported.push(error),
  });
  const beat = (at: number, isReachable = true): OscMessage[] => {
    time = at;
    inputs.beat(isReachable);
    return sent.splice(0);
  };
  const take = (all: boolean): void => {
    isTaken = all;
  };
  return { inputs, beat, sent, reported, take };
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

test('for how long it is held is told in whole milliseconds, although the clock tells fractions', async () => {
  const { inputs, beat } = arrange();
  beat(200.2);
  assert.equal(await inputs.hold('Run', 1), 2000);
});

test('what the system does not take is not held, and owed a release', async () => {
  const { inputs, beat, sent } = arrange([], false);
  assert.equal(await inputs.hold('Vertical', 1), undefined);
  assert.deepEqual(
    { sent: sent.splice(0), idle: inputs.isIdle() },
    { sent: [inputMessage('Vertical', 1)], idle: true },
  );
  assert.deepEqual(beat(100), [inputMessage('Vertical', 0)]);
  assert.equal(await inputs.hold('Vertical', 0), 0);
});

test('a release that the system refuses is owed until it is taken, unless the input is pressed again', async () => {
  const { inputs, beat, sent, take } = arrange();
  await inputs.hold('Vertical', 1, 500);
  await inputs.hold('Jump', 1, 500);
  sent.splice(0);
  take(false);
  for (const at of [500, 600]) {
    assert.equal(beat(at).length, 2);
    await Promise.resolve();
    await Promise.resolve();
  }
  // Pressed before the refusal is known.
  assert.equal(beat(700).length, 2);
  take(true);
  await inputs.hold('Jump', 1, 500);
  sent.splice(0);
  assert.deepEqual(
    [beat(800), beat(900), beat(1000)],
    [[inputMessage('Vertical', 0)], [inputMessage('Vertical', 0)], []],
  );
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

test('at the end all is released at once, twice as ever', async () => {
  const { inputs, sent } = arrange();
  await inputs.hold('Jump', 1);
  assert.equal(inputs.isIdle(), false);
  sent.splice(0);
  await inputs.finish();
  const released = inputMessage('Jump', 0);
  assert.deepEqual({ sent, idle: inputs.isIdle() }, { sent: [released, released], idle: true });
});

test('the names that were ever held survive the process; a broken file may have held all', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'understudy-inputs-')), 'sub', 'ever-held.json');
  const file = createEverHeldFile(path);
  file.add('Vertical');
  file.add('Vertical');
  file.add('Jump');
  assert.equal(readFileSync(path, 'utf8'), '["Vertical","Jump"]');
  assert.deepEqual(createEverHeldFile(path).read(), ['Vertical', 'Jump']);
  writeFileSync(path, '["Vertical", "NoSuchInput", 7]');
  assert.deepEqual(createEverHeldFile(path).read(), ['Vertical']);
  // Any of them may be held then.
  for (const broken of ['["Vert', '', '{"Vertical": 1}']) {
    writeFileSync(path, broken);
    assert.deepEqual(createEverHeldFile(path).read(), INPUT_NAMES, broken);
  }
});

test('what cannot be noted is not pressed, and the refusal says what to do', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'understudy-inputs-')), 'ever-held.json');
  const file = createEverHeldFile(join(path, 'in-a-file.json'));
  writeFileSync(path, '');
  assert.throws(() => file.add('Jump'), {
    message: `Jump is not pressed, since it could not be noted for a later release in ${join(path, 'in-a-file.json')} (EEXIST); make that folder writable`,
  });
  assert.deepEqual(file.read(), []);
});
