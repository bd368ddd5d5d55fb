import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, waitFor } from '@understudy/shared/testing';
import type { Program } from '../programs/find-program.ts';
import { relocate } from '../programs/relocate.ts';
import { runProgram } from '../programs/run-program.ts';

const TEMPO_CONFIG = join(import.meta.dirname, '..', '..', 'infra', 'tempo', 'tempo.yaml');
const LIMIT_MS = 120_000;

export interface TraceStore {
  /** Where services send their spans. */
  readonly endpoint: string;
  /** The names of a trace's spans, sorted; none when it is not there. */
  spanNames(traceId: string): Promise<string[]>;
  /** `CLIENT -> SERVER` of the service graph, as Prometheus has it; sorted. */
  edges(): Promise<string[]>;
  stop(): Promise<void>;
}

interface TraceAnswer {
  readonly trace?: {
    readonly resourceSpans?: readonly {
      readonly scopeSpans: readonly { readonly spans: readonly { name: string }[] }[];
    }[];
  };
}
interface VectorAnswer {
  readonly data: { readonly result: readonly { readonly metric: { client: string; server: string } }[] };
}

/** Tempo with the configuration of `infra/`, and a Prometheus that takes its service graph; in a folder and on ports of their own. */
export async function startTraceStore(tempo: Program, prometheus: Program): Promise<TraceStore> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-traces-'));
  const place = (name: string) => join(folder, name);
  for (const name of ['tempo', 'prometheus']) mkdirSync(place(name));
  const [http, grpc, otlp, web] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  relocate(TEMPO_CONFIG, place('tempo.yaml'), {
    'path: /var/tempo': `path: ${place('tempo')}`,
    'shutdown_marker_dir: /var/tempo': `shutdown_marker_dir: ${place('tempo')}`,
    'http_listen_port: 3200': `http_listen_port: ${http}`,
    'grpc_listen_port: 9095': `grpc_listen_port: ${grpc}`,
    '0.0.0.0:4318': `127.0.0.1:${otlp}`,
    'http://prometheus:9090': `http://127.0.0.1:${web}`,
  });
  writeFileSync(place('prometheus.yml'), '{}\n');
  const running = [
    runProgram(tempo, [`-config.file=${place('tempo.yaml')}`], folder),
    runProgram(
      prometheus,
      [
        `--config.file=${place('prometheus.yml')}`,
        `--storage.tsdb.path=${place('prometheus')}`,
        `--web.listen-address=127.0.0.1:${web}`,
        '--web.enable-remote-write-receiver',
      ],
      folder,
    ),
  ];
  const answers = (url: string) =>
    waitFor(
      () =>
        fetch(url).then(
          ({ ok }) => ok,
          () => false,
        ),
      `${url}\n${running.map((program) => program.output()).join('')}`,
      LIMIT_MS,
    );
  await Promise.all([answers(`http://127.0.0.1:${http}/ready`), answers(`http://127.0.0.1:${web}/-/ready`)]);

  return {
    endpoint: `http://127.0.0.1:${otlp}`,
    async spanNames(traceId) {
      const response = await fetch(`http://127.0.0.1:${http}/api/v2/traces/${traceId}`);
      if (response.status === 404) return [];
      if (!response.ok) throw new Error(`Tempo answers ${response.status}: ${await response.text()}`);
      const { trace } = (await response.json()) as TraceAnswer;
      const spans =
        trace?.resourceSpans?.flatMap((resource) => resource.scopeSpans).flatMap((scope) => scope.spans) ?? [];
      return spans.map(({ name }) => name).sort();
    },
    async edges() {
      const query = 'traces_service_graph_request_total';
      const response = await fetch(`http://127.0.0.1:${web}/api/v1/query?query=${query}`);
      const { data } = (await response.json()) as VectorAnswer;
      return data.result.map(({ metric }) => `${metric.client} -> ${metric.server}`).sort();
    },
    async stop() {
      await Promise.all(running.map((program) => program.kill()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
