import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, waitFor } from '@understudy/shared/testing';
import type { Program } from '../programs/find-program.ts';
import { relocate } from '../programs/relocate.ts';
import { type RunningProgram, runProgram } from '../programs/run-program.ts';
import { unreadBytes } from './shipper-progress.ts';

const INFRA = join(import.meta.dirname, '..', '..', 'infra');

/** Loki answers `ready` only after its ingester has rested for 15 s. */
const LIMIT_MS = 120_000;

export interface LogPipeline {
  readonly logsFolder: string;
  readonly hostLogsFolder: string;
  readonly lokiUrl: string;
  readonly shipperMetricsUrl: string;
  /** A line that no logger made. */
  writeRaw(service: string, line: string): void;
  startLoki(): Promise<void>;
  killLoki(): Promise<void>;
  startShipper(): Promise<void>;
  killShipper(): Promise<void>;
  /** Resolves when Fluent Bit has taken all that the files hold. */
  shipperHasRead(): Promise<void>;
  /** What all runs of both programs said. */
  output(): string;
  stop(): Promise<void>;
}

/**
 * Fluent Bit and Loki with the configurations of `infra/`, in a folder and on ports of their own.
 * @param alertmanagerUrl where Loki tells what its rules find
 */
export async function createLogPipeline(
  fluentBit: Program,
  loki: Program,
  alertmanagerUrl = 'http://127.0.0.1:9',
): Promise<LogPipeline> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-logs-'));
  const place = (name: string) => join(folder, name);
  for (const name of ['logs', 'host-logs', 'shipper', 'loki']) mkdirSync(place(name), { recursive: true });
  cpSync(join(INFRA, 'loki/rules'), place('rules'), { recursive: true });
  const [lokiPort, grpcPort, shipperPort] = await Promise.all([freePort(), freePort(), freePort()]);
  relocate(join(INFRA, 'loki/loki.yaml'), place('loki.yaml'), {
    '/etc/understudy/rules': place('rules'),
    ': /loki': `: ${place('loki')}`,
    'http://alertmanager:9093': alertmanagerUrl,
    'http_listen_port: 3100': `http_listen_port: ${lokiPort}`,
    'grpc_listen_port: 9096': `grpc_listen_port: ${grpcPort}`,
  });
  relocate(join(INFRA, 'fluent-bit/fluent-bit.yaml'), place('fluent-bit.yaml'), {
    '/var/lib/fluent-bit': place('shipper'),
    '/host-logs/': `${place('host-logs')}/`,
    ' /logs/': ` ${place('logs')}/`,
    ',/logs/': `,${place('logs')}/`,
    'host: loki': 'host: 127.0.0.1',
    'port: 3100': `port: ${lokiPort}`,
    'http_port: 2020': `http_port: ${shipperPort}`,
  });
  const lokiUrl = `http://127.0.0.1:${lokiPort}`;
  const running: { loki?: RunningProgram; shipper?: RunningProgram } = {};
  const runs: RunningProgram[] = [];
  const run = (program: Program, args: readonly string[]): RunningProgram => {
    const started = runProgram(program, args, folder);
    runs.push(started);
    return started;
  };
  const output = () => runs.map((each) => each.output()).join('');
  const answers = (url: string) =>
    waitFor(
      () =>
        fetch(url).then(
          ({ ok }) => ok,
          () => false,
        ),
      `${url}\n${output()}`,
      LIMIT_MS,
    );
  const shipperMetricsUrl = `http://127.0.0.1:${shipperPort}/api/v2/metrics/prometheus`;

  return {
    logsFolder: place('logs'),
    hostLogsFolder: place('host-logs'),
    lokiUrl,
    shipperMetricsUrl,
    writeRaw: (service, line) => appendFileSync(join(place('logs'), `${service}.log`), `${line}\n`),
    async startLoki() {
      running.loki = run(loki, [`-config.file=${place('loki.yaml')}`]);
      await answers(`${lokiUrl}/ready`);
    },
    killLoki: async () => running.loki?.kill(),
    async startShipper() {
      running.shipper = run(fluentBit, ['-c', place('fluent-bit.yaml')]);
      await answers(shipperMetricsUrl);
    },
    killShipper: async () => running.shipper?.kill(),
    async shipperHasRead() {
      const rest = () =>
        unreadBytes(place('logs'), place('shipper/logs.db')) +
        unreadBytes(place('host-logs'), place('shipper/host-logs.db'));
      await waitFor(() => rest() === 0, 'Fluent Bit to read the log files', LIMIT_MS);
    },
    output,
    async stop() {
      await Promise.all([running.loki?.kill(), running.shipper?.kill()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
