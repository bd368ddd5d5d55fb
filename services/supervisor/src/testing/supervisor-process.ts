import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Incident, Status } from '@understudy/shared/contracts';
import { freePort, type TestNats, waitFor } from '@understudy/shared/testing';
import type { StoryLine } from '../record/incident-story.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const TOKEN = 'token-of-a-test';

/** Quick waits; a service that says nothing is given the whole test. */
const settings = (port: number): string => `
http: { ports: { supervisor: ${port} } }
health: { heartbeat_interval_ms: 200, start_grace_ms: 600000 }
recovery:
  command_timeout_ms: 30000
  probe_timeout_ms: 30000
  reconnect_retry: { initial_delay_ms: 50, max_delay_ms: 100, slow_probe_ms: 200 }
`;

export interface SupervisorProcess {
  /** http://HOST:PORT */
  readonly origin: string;
  readonly token: string;
  /** Starts it, again after a kill, and waits until it is ready. */
  start(): Promise<void>;
  /** SIGKILL, as a crash. */
  kill(): Promise<void>;
  /** SIGTERM. @returns its exit code */
  drain(): Promise<number | null>;
  get<T>(path: string): Promise<T>;
  post(path: string, body?: unknown): Promise<Response>;
  incidentOf(errorId: string): Promise<Incident | undefined>;
  storyOf(incidentId: string): Promise<string[]>;
  status(): Promise<Status>;
  metric(series: string): Promise<number>;
  /** Messages that were kept for inspection. */
  rejected(): string[];
  logLines(): Record<string, unknown>[];
  /** Of the channel `log_file`. */
  noticeLines(): Record<string, unknown>[];
  stop(): Promise<void>;
}

/** The real supervisor, as its own process, on a free port and with a folder of its own. */
export async function createSupervisorProcess(
  nats: TestNats,
  environment: Readonly<Record<string, string>> = {},
  /** YAML beside the usual one. */
  moreSettings = '',
): Promise<SupervisorProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-supervisor-'));
  const port = await freePort();
  const config = join(folder, 'understudy.yaml');
  writeFileSync(config, `${settings(port)}${moreSettings}`);
  const origin = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  let said = '';

  const isUp = () => child !== undefined && child.exitCode === null && child.signalCode === null;
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (!child || !isUp()) return child?.exitCode ?? null;
    const ended = once(child, 'exit');
    child.kill(signal);
    const [code] = (await ended) as [number | null];
    return code;
  };
  const ask = async (path: string, init?: RequestInit): Promise<Response> => {
    const answer = await fetch(`${origin}${path}`, init);
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer;
  };
  const linesOf = (file: string) =>
    readFileSync(join(folder, 'logs', file), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const supervisor: SupervisorProcess = {
    origin,
    token: TOKEN,
    async start() {
      said = '';
      child = spawn(process.execPath, [MAIN], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          UNDERSTUDY_CONFIG: config,
          UNDERSTUDY_DATA: join(folder, 'data'),
          UNDERSTUDY_LOGS: join(folder, 'logs'),
          UNDERSTUDY_NATS_URL: nats.url,
          UNDERSTUDY_NATS_PASSWORD: nats.passwords.supervisor,
          UNDERSTUDY_TOKEN: TOKEN,
          UNDERSTUDY_CONSOLE: 'off',
          ...environment,
        },
      });
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += String(chunk)));
      await waitFor(
        async () => {
          if (!isUp()) throw new Error(`the supervisor ended: ${said}`);
          return (await ask('/readyz').catch(() => undefined)) !== undefined;
        },
        'the supervisor to be ready',
        60_000,
      );
    },
    async kill() {
      await end('SIGKILL');
    },
    drain: () => end('SIGTERM'),
    get: async <T>(path: string) => (await (await ask(path)).json()) as T,
    post: (path, body = {}) =>
      ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
        body: JSON.stringify(body),
      }),
    async incidentOf(errorId) {
      const { incidents } = await supervisor.get<{ incidents: Incident[] }>(`/v1/incidents?error=${errorId}`);
      return incidents[0];
    },
    async storyOf(incidentId) {
      const { story } = await supervisor.get<{ story: StoryLine[] }>(`/v1/incidents/${incidentId}`);
      return story.map(({ text }) => text);
    },
    status: () => supervisor.get<Status>('/v1/status'),
    async metric(series) {
      const line = (await (await ask('/metrics')).text()).split('\n').find((one) => one.startsWith(series));
      return Number(line?.split(' ')[1] ?? 0);
    },
    rejected() {
      const kept = join(folder, 'data', 'supervisor', 'rejected');
      return existsSync(kept) ? readdirSync(kept).map((name) => readFileSync(join(kept, name), 'utf8')) : [];
    },
    logLines: () => linesOf('supervisor.log'),
    noticeLines: () => linesOf('notices.log'),
    async stop() {
      await supervisor.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return supervisor;
}
