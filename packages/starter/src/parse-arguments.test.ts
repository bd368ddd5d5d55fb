import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArguments } from './parse-arguments.ts';
import { StartRefusedError } from './start-refused-error.ts';

const DEFAULTS = { native: false, faults: false, console: 'off', service: undefined, help: false };

test('without options: faults off, services quiet', () => assert.deepEqual(parseArguments([]), DEFAULTS));

test('every option', () => {
  assert.deepEqual(parseArguments(['--native', '--faults', '--console=pretty', '--service=cv-service']), {
    ...DEFAULTS,
    native: true,
    faults: true,
    console: 'pretty',
    service: 'cv-service',
  });
});

test('what it does not know is told with the usage, exit code 2', () => {
  for (const args of [['--naitve'], ['now'], ['--console=loud'], ['--console']])
    assert.throws(
      () => parseArguments(args),
      (error) => error instanceof StartRefusedError && error.exitCode === 2 && error.message.includes('npm start -- ['),
      args.join(' '),
    );
});
