import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, waitFor } from '@understudy/shared/testing';

/** Debian's package names it differently. */
const NAMES = ['alertmanager', 'prometheus-alertmanager'];

/** The program that this machine has; `undefined` where it has none. `npm test` brings it. */
export const findAlertmanager = (): string | undefined =>
  NAMES.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);

export interface TestReceiver {
  readonly name: string;
  readonly url: string;
  readonly token?: string;
}

export interface TestAlertmanager {
  readonly url: string;
  /** With the same port, folder and these receivers; each gets all there is, at once. */
  start(receivers: readonly TestReceiver[]): Promise<void>;
  /** SIGKILL, as a crash: it forgets every alert, and whom it notified as well. */
  kill(): Promise<void>;
  /** SIGTERM: it forgets every alert, and remembers whom it notified. */
  drain(): Promise<void>;
  stop(): Promise<void>;
}

const render = (receivers: readonly TestReceiver[]) => ({
  route: {
    receiver: 'nobody',
    routes: receivers.map(({ name }) => ({
      receiver: name,
      group_by: ['incident_id', 'alertname', 'severity'],
      group_wait: '0s',
      group_interval: '1s',
      repeat_interval: '1h',
      continue: true,
    })),
  },
  receivers: [
    { name: 'nobody' },
    ...receivers.map(({ name, url, token }) => ({
      name,
      webhook_configs: [{ url, ...(token ? { http_config: { authorization: { credentials: token } } } : {}) }],
    })),
  ],
});

/** A real Alertmanager on a free port, with a folder of its own. */
export async function createAlertmanager(program: string): Promise<TestAlertmanager> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-alertmanager-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder, 'alertmanager.yml');
  let child: ChildProcess | undefined;
  const end = async (signal: NodeJS.Signals) => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  return {
    url,
    async start(receivers) {
      // JSON is YAML.
      writeFileSync(config, JSON.stringify(render(receivers)));
      let said = '';
      const started = spawn(
        program,
        [
          `--config.file=${config}`,
          `--storage.path=${join(folder, 'data')}`,
          `--web.listen-address=127.0.0.1:${port}`,
          '--cluster.listen-address=',
        ],
        { stdio: ['ignore', 'ignore', 'pipe'] },
      );
      started.stderr.on('data', (chunk) => (said += String(chunk)));
      child = started;
      await waitFor(
        async () => {
          if (started.exitCode !== null) throw new Error(`Alertmanager ended: ${said}`);
          const ready = await fetch(`${url}/-/ready`).catch(() => undefined);
          return ready?.ok;
        },
        'Alertmanager to be ready',
        60_000,
      );
    },
    kill: () => end('SIGKILL'),
    drain: () => end('SIGTERM'),
    async stop() {
      await end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
