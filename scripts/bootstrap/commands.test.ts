import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { COMMANDS, commandNamed } from './commands.mjs';

describe('commands', () => {
  test('each is a script of package.json, and each script is one', () => {
    const manifest: { scripts: Record<string, string> } = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'),
    );
    const expected = [...COMMANDS.keys()].map((name) => [name, `node scripts/bootstrap.mjs ${name}`]);
    assert.deepEqual(manifest.scripts, Object.fromEntries(expected));
  });

  test('an unknown or missing one is answered with those that exist', () => {
    const usage = 'node scripts/bootstrap.mjs start|test|check|bench|soak|footprint|docs|understudy [arguments]';
    assert.throws(() => commandNamed('strat'), {
      name: 'SetupError',
      message: `there is no command "strat"\n  -> ${usage}`,
    });
    assert.throws(() => commandNamed(undefined), {
      name: 'SetupError',
      message: `no command was given\n  -> ${usage}`,
    });
  });
});
