import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { childEnvironment, runCommand } from './run-command.mjs';

const runCommandUrl = pathToFileURL(join(import.meta.dirname, 'run-command.mjs')).href;

/** Runs `entry` as the bootstrap would, in a process of its own, so that it can be sent signals. */
const bootstrapOf = (root: string, entry: string, args: string[]) => `
  import { runCommand } from ${JSON.stringify(runCommandUrl)};
  process.exitCode = await runCommand({
    root: ${JSON.stringify(root)}, nodePath: process.execPath, args: ${JSON.stringify(args)},
    command: { entry: ${JSON.stringify(entry)}, workingDirectory: 'root' },
  });`;

describe('runCommand', () => {
  let root: string;
  before(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-run-command-')));
    writeFileSync(join(root, 'exits.ts'), 'process.exitCode = Number(process.argv[2]);');
    writeFileSync(
      join(root, 'tells.ts'),
      'console.log(JSON.stringify([process.argv.slice(2), process.cwd(), process.env["NODE_COMPILE_CACHE"]]));',
    );
    writeFileSync(
      join(root, 'drains.ts'),
      `for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
        process.on(signal, () => setTimeout(() => { console.log('drained after ' + signal); process.exit(7); }, 50));
      }
      setTimeout(() => process.exit(9), 120_000); // Should no signal come, it does not outlive the test for ever.
      console.log('ready');`,
    );
    writeFileSync(join(root, 'dies.ts'), "process.kill(process.pid, 'SIGKILL');");
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  function start(entry: string, args: string[] = []): ChildProcess {
    return spawn(process.execPath, ['--input-type=module', '--eval', bootstrapOf(root, entry, args)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }
  async function outcomeOf(child: ChildProcess): Promise<{ code: number | null; output: string }> {
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    const [code] = await once(child, 'close');
    return { code, output };
  }

  test('passes the exit code on', async () => {
    assert.deepEqual(await outcomeOf(start('exits.ts', ['5'])), { code: 5, output: '' });
    assert.deepEqual(await outcomeOf(start('exits.ts', ['0'])), { code: 0, output: '' });
  });

  test('gives the command its arguments, the root as working folder, and a compile cache', async () => {
    const { output } = await outcomeOf(start('tells.ts', ['a b', '--json']));
    const cache = process.env['NODE_COMPILE_CACHE'] ?? join(root, '.understudy', 'compile-cache');
    assert.deepEqual(JSON.parse(output), [['a b', '--json'], root, cache]);
  });

  test('says which file is missing', () => {
    assert.throws(
      () =>
        runCommand({
          root,
          nodePath: process.execPath,
          args: [],
          command: { entry: 'gone.ts', workingDirectory: 'root' },
        }),
      {
        name: 'SetupError',
        message: 'gone.ts is missing\n  -> this checkout is incomplete: `git status` shows what is gone',
      },
    );
  });

  // Windows has no signals: Ctrl-C reaches the child through the console there.
  describe('with signals', { skip: process.platform === 'win32' }, () => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      test(`passes ${signal} on where there is no terminal, and waits until the command has drained`, async () => {
        const child = start('drains.ts');
        const outcome = outcomeOf(child);
        if (child.stdout !== null) await once(child.stdout, 'data');
        child.kill(signal);
        assert.deepEqual(await outcome, { code: 7, output: `ready\ndrained after ${signal}\n` });
      });
    }

    test('ends the command when npm’s shell died: npm gives its signal to that shell only', async () => {
      const shell = spawn(
        'sh',
        ['-c', '"$0" --input-type=module --eval "$1"; true', process.execPath, bootstrapOf(root, 'drains.ts', [])],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
          env: { ...process.env, npm_lifecycle_event: 'start' },
        },
      );
      let output = '';
      shell.stdout.on('data', (chunk) => (output += chunk));
      await once(shell.stdout, 'data');
      shell.kill('SIGKILL');
      await once(shell, 'close'); // The pipe closes when the last process that holds it has ended.
      assert.equal(output, 'ready\ndrained after SIGTERM\n');
    });

    test('answers 128 + signal when the command was killed', async () => {
      assert.deepEqual(await outcomeOf(start('dies.ts')), { code: 137, output: '' });
    });
  });
});

describe('childEnvironment', () => {
  test('puts the chosen Node first on PATH, under the name that the platform uses', () => {
    const nodePath = join('/root', '.understudy', 'node');
    assert.deepEqual(childEnvironment('/root', nodePath, { Path: 'C:\\Windows', LANG: 'C' }), {
      Path: `${dirname(nodePath)}${delimiter}C:\\Windows`,
      LANG: 'C',
      NODE_COMPILE_CACHE: join('/root', '.understudy', 'compile-cache'),
    });
  });
});
