import { type ComposeFileName, readComposeFile } from './compose-file.ts';
import { type Ended, outputOf, run } from './docker.ts';
import { engine } from './on-engine.ts';

/** Far above what it takes: a busy machine is no failure. */
const UP_LIMIT_S = 150;
/** It comes by itself, since all wait for it; and `--wait` takes its end for a failure. */
const ONE_SHOT = 'setup';

/** What Compose does with one of the two files. @param override a second file, laid over it */
export function composeCommands(file: ComposeFileName, override: string, env: NodeJS.ProcessEnv) {
  const compose = (...args: string[]): Promise<Ended> =>
    run('docker', ['compose', '-f', file, '-f', override, ...args], { env });
  const startable: readonly string[] = engine.type === 'ready' ? engine.services : [];
  const parts = Object.keys(readComposeFile(file).services).filter(
    (name) => name !== ONE_SHOT && startable.includes(name),
  );
  return {
    compose,
    /** Containers that are started. */
    parts,
    build: () => outputOf(compose('build', '--quiet')),
    /** Waits until every container is healthy. @returns seconds @throws Error with Compose's words */
    async up(...more: string[]): Promise<number> {
      const from = performance.now();
      const wait = ['--detach', '--no-build', '--wait', '--wait-timeout', String(UP_LIMIT_S)];
      await outputOf(compose('up', ...wait, ...more, ...parts)).catch(async (error: Error) => {
        const { stdout } = await compose('ps', '--all');
        const { stdout: lines } = await compose('logs', '--no-color', '--tail', '15');
        throw new Error(`docker compose up ${error.message}\n${stdout}\n${lines}`);
      });
      return (performance.now() - from) / 1000;
    },
    down: (...more: string[]) => outputOf(compose('down', ...more)),
    /** The one-shot by itself, with other arguments for Node than to set up. */
    setup: (...args: string[]) => compose('run', '--rm', '--no-deps', '-T', ONE_SHOT, ...args),
  };
}
