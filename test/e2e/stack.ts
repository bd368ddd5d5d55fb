import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@understudy/cli';
import {
  FAULTS,
  type FaultName,
  type Incident,
  type InputResponse,
  type ServiceName,
  START_ORDER,
} from '@understudy/shared/contracts';
import { waitFor } from '@understudy/shared/testing';
import { type StartEvent, startUnderstudy } from '@understudy/starter';
import { choosePorts, e2eConfig, merge, type Ports, type Yaml } from './e2e-config.ts';
import { endWithProcess } from './end-with-process.ts';
import { sumOf } from './metrics-text.ts';
import { createSimulatorsControl } from './simulators-control.ts';
import { startSpanCollector } from './span-collector.ts';

const root = join(import.meta.dirname, '..', '..');

/** Far above what anything takes: a busy machine is no failure. */
export const LIMIT_MS = 60_000;

export interface LogLine {
  readonly timestamp: string;
  readonly level: string;
  readonly module: string;
  readonly message: string;
  readonly error_code: string | null;
  readonly context: Readonly<Record<string, unknown>>;
  readonly session_id: string;
  readonly user_id: string | null;
  readonly performance_data: unknown;
  readonly service: string;
  readonly trace_id?: string;
  readonly span_id?: string;
  readonly incident_id?: string;
}

export interface StoryLine {
  readonly at: string;
  readonly type: string;
  readonly text: string;
}

export interface InjectOptions {
  readonly target?: string;
  readonly durationMs?: number;
  /** Who suffers what every process can suffer. */
  readonly service?: ServiceName;
}

const ownerOf = (fault: FaultName, service: ServiceName | undefined): ServiceName | 'starter' => {
  const owner = service ?? Object.entries(FAULTS).find(([name]) => name === fault)?.[1].owner;
  if (!owner) throw new Error(`${fault} needs a service`);
  return owner;
};

/**
 * The whole bot as `npm start` starts it, in a folder and on ports of its own, faults on, every peer simulated. Returns when it is ready
 * and its mode is full.
 * @param overrides of config/understudy.yaml
 * @param settle waits for mode `full` without an open incident; false where the configuration does not allow it
 */
export async function startStack(
  overrides: Yaml | ((ports: Ports) => Yaml) = {},
  { settle = true }: { settle?: boolean } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-e2e-'));
  const ports = await choosePorts();
  const traces = await startSpanCollector(ports.traces);
  const config = merge(e2eConfig(ports), typeof overrides === 'function' ? overrides(ports) : overrides);
  const configFile = join(folder, 'understudy.yaml');
  const stateFolder = join(folder, 'state');
  const logsFolder = join(folder, 'logs');
  // JSON is YAML.
  writeFileSync(configFile, JSON.stringify(config, null, 2));

  const events: StartEvent[] = [];
  const understudy = startUnderstudy({
    root,
    configFile,
    stateFolder,
    logsFolder,
    faults: true,
    onEvent: (event) => events.push(event),
  });
  const addressOf = (part: ServiceName | 'starter') => `http://127.0.0.1:${ports.http[part]}`;
  const simulators = createSimulatorsControl(`http://127.0.0.1:${ports.simulators.control_port}`);
  const token = () => readFileSync(join(stateFolder, 'token'), 'utf8').trim();
  const client = createClient({
    address: (part) => (part === 'simulators' ? simulators.url : addressOf(part)),
    token,
  });

  const stop = async (how: 'drained' | 'now' = 'drained') => {
    await understudy.stop(how);
    endedByItself();
    await traces.close();
    if (!process.env['E2E_KEEP']) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    else console.log(`kept: ${folder}`);
  };
  const endedByItself = endWithProcess(() => stop('now'));

  const metricsText = async (service: ServiceName) => (await fetch(`${addressOf(service)}/metrics`)).text();
  const logLines = (service: ServiceName): LogLine[] => {
    const file = join(logsFolder, `${service}.log`);
    if (!existsSync(file)) return [];
    // The last line may be in the middle of being written.
    const whole = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    return whole.map((line) => JSON.parse(line));
  };
  const input = async (text: string, more: { userId?: string; sessionId?: string } = {}): Promise<InputResponse> =>
    client.input({ text, ...more });
  const incident = (id: string) =>
    getJson<{ incident: Incident; story: readonly StoryLine[] }>(`${addressOf('supervisor')}/v1/incidents/${id}`);
  const incidents = (filter: { state?: string; error?: string } = {}): Promise<readonly Incident[]> =>
    getJson<{ incidents: Incident[] }>(`${addressOf('supervisor')}/v1/incidents?${new URLSearchParams(filter)}`).then(
      (answer) => answer.incidents,
    );

  const stack = {
    folder,
    configFile,
    logsFolder,
    dataFolder: join(stateFolder, 'data'),
    ports,
    understudy,
    events,
    traces,
    simulators,
    client,
    addressOf,
    token,
    input,
    status: () => client.status(),
    incidents,
    incident,
    metricsText,
    logLines,
    /** The sum of a metric's series with these labels, now. */
    metric: async (service: ServiceName, name: string, labels: Readonly<Record<string, string>> = {}) =>
      sumOf(await metricsText(service), name, labels),
    inject: (fault: FaultName, { target, durationMs = 600_000, service }: InjectOptions = {}) =>
      client.inject(ownerOf(fault, service), { fault, durationMs, ...(target === undefined ? {} : { target }) }),
    pids: () => understudy.pids(),
    kill: (part: string) => understudy.kill(part),
    /** The newest incident of this code for which `holds` is true. A supervisor that is away is asked again. */
    waitForIncident: (code: string, holds: (incident: Incident) => boolean, what: string, limitMs = LIMIT_MS) =>
      waitFor(
        async () =>
          (await incidents().catch(() => [])).find((candidate) => candidate.code === code && holds(candidate)),
        `an incident ${code} that ${what}`,
        limitMs,
      ),
    waitForMode: (mode: string, limitMs = LIMIT_MS) =>
      waitFor(
        async () => {
          const status = await client.status().catch(() => undefined);
          return status?.mode === mode ? status : undefined;
        },
        `mode ${mode}`,
        limitMs,
      ),
    /** Every service is ready, the mode is full and no incident is open. */
    async waitForCalm() {
      let seen = 'no status';
      await waitFor(
        async () => {
          const status = await client.status().catch(() => undefined);
          if (!status) return false;
          const open = (await incidents().catch(() => [])).filter(({ state }) => state !== 'resolved');
          const unready = status.services.filter(({ state }) => state !== 'ready');
          seen = JSON.stringify({ mode: status.mode, capabilities: status.capabilities, open, unready });
          return status.mode === 'full' && open.length === 0 && unready.length === 0;
        },
        'calm',
        LIMIT_MS,
      ).catch((error: Error) => {
        throw new Error(`${error.message}; last seen: ${seen}`);
      });
    },
    /** All that the bot has written anywhere: logs, notices, data of the services. */
    filesWritten: () =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name)),
    stop,
  };

  try {
    await understudy.ready;
    if (settle) await stack.waitForCalm();
    return stack;
  } catch (error) {
    const lines = [...events, ...START_ORDER.flatMap((service) => logLines(service).slice(-5))];
    console.error(`the start failed:\n${lines.map((line) => JSON.stringify(line)).join('\n')}`);
    await stop();
    throw error;
  }
}
export type Stack = Awaited<ReturnType<typeof startStack>>;

async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}
