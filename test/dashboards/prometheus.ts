import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { renderStack } from '@understudy/monitoring';
import { formatProblems, loadConfig } from '@understudy/shared/config';
import { freePort, waitFor } from '@understudy/shared/testing';
import type { Program } from '../programs/find-program.ts';
import { runProgram } from '../programs/run-program.ts';

const LIMIT_MS = 60_000;
const NOBODY = '127.0.0.1:9';

export interface Prometheus {
  readonly url: string;
  stop(): Promise<void>;
}

/** Prometheus and Alertmanager as the stack has them, with all rules, asking this bot's services and telling its supervisor. */
export async function startPrometheus(
  prometheus: Program,
  alertmanager: Program,
  stack: { readonly configFile: string; readonly token: () => string },
): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-prometheus-'));
  const [port, alertmanagerPort] = await Promise.all([freePort(), freePort()]);
  const loaded = loadConfig({ path: stack.configFile, isNamed: true }, {});
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  const rendered = renderStack(loaded.config, {
    stack: 'full',
    receivers: [],
    addresses: {
      prometheus: `127.0.0.1:${port}`,
      alertmanager: `127.0.0.1:${alertmanagerPort}`,
      'fluent-bit': NOBODY,
      loki: NOBODY,
      tempo: NOBODY,
      grafana: NOBODY,
    },
    hostExporters: [],
    secretsFolder: folder,
  });
  if (!rendered.ok) throw new Error(rendered.problems.join('\n'));
  for (const [path, text] of Object.entries({ ...rendered.prometheus, ...rendered.alertmanager })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  writeFileSync(join(folder, 'supervisor_token'), stack.token());

  const programs = [
    runProgram(
      alertmanager,
      [
        `--config.file=${join(folder, 'alertmanager.yml')}`,
        `--storage.path=${join(folder, 'alertmanager')}`,
        `--web.listen-address=127.0.0.1:${alertmanagerPort}`,
        '--cluster.listen-address=',
      ],
      folder,
    ),
    runProgram(
      prometheus,
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--enable-feature=exemplar-storage',
      ],
      folder,
    ),
  ];
  const stop = async () => {
    await Promise.all(programs.map((program) => program.kill()));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const url = `http://127.0.0.1:${port}`;
  /** All services have been asked twice: what happens from now on is a rise. */
  const isReady = () =>
    fetch(`${url}/api/v1/query`, {
      method: 'POST',
      body: new URLSearchParams({ query: 'count(sum_over_time(up{job="services"}[1m]) >= 2) == 5' }),
    }).then(
      async (response) => (await response.text()).includes('"5"'),
      () => false,
    );
  try {
    await waitFor(isReady, 'Prometheus', LIMIT_MS);
  } catch (error) {
    await stop();
    throw new Error(programs.map((program) => program.output()).join('\n'), { cause: error });
  }
  return { url, stop };
}
