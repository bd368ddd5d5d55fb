import { createClient } from '@understudy/cli';
import type { Incident } from '@understudy/shared/contracts';
import { freePorts, waitFor } from '@understudy/shared/testing';
import type { Yaml } from '../e2e/e2e-config.ts';
import { composeCommands } from './compose-commands.ts';
import { type ComposeFileName, FULL, LITE, publishedPorts, readComposeFile } from './compose-file.ts';
import { docker, type Ended, outputOf, run } from './docker.ts';
import { type NoticeReceiver, startNoticeReceiver } from './notice-receiver.ts';
import { engine } from './on-engine.ts';
import { writeOwnFiles } from './own-files.ts';
import { projectName, removeStaleProjects } from './stale-projects.ts';

/** Far above what anything takes: a busy machine is no failure. */
export const LIMIT_MS = 90_000;

export interface StackOptions {
  /** Of config/understudy.yaml, beside what makes the tests independent of the machine's speed. */
  readonly config?: Yaml;
  /** Of docker-compose.yml's head. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The stack of this checkout as a project, on ports, with a configuration and with secrets of its own, and a webhook that hears its
 * notices. Nothing is started yet. `close` ends it and forgets everything.
 */
export async function createStack(options: StackOptions = {}) {
  if (engine.type !== 'ready') throw new Error(engine.problem);
  await removeStaleProjects();
  const published = publishedPorts(readComposeFile(FULL));
  const free = await freePorts(published.length);
  const ports = new Map(published.map(({ variable }, index) => [variable, free[index] ?? 0]));
  const portOf = (service: string): number => {
    const first = published.find((port) => port.service === service);
    if (first === undefined) throw new Error(`${service} publishes no port`);
    return ports.get(first.variable) ?? 0;
  };

  const notices: NoticeReceiver = await startNoticeReceiver();
  const files = writeOwnFiles(options.config ?? {}, { webhook: notices.url });
  const project = projectName();
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...Object.fromEntries([...ports].map(([variable, port]) => [variable, String(port)])),
    UNDERSTUDY_FAULTS: 'on',
    // What cannot be started is not missed.
    ...(engine.unavailable.length > 0 ? { UNDERSTUDY_STACK: 'lite' } : {}),
    ...options.env,
    COMPOSE_PROJECT_NAME: project,
  };
  const composeOf = (file: ComposeFileName) => composeCommands(file, files.override, env);

  const url = (service: string, path = ''): string => `http://127.0.0.1:${portOf(service)}${path}`;
  const containerOf = (service: string): string => `${project}-${service}-1`;
  const exec = (service: string, args: readonly string[], input?: string): Promise<Ended> =>
    run('docker', ['exec', '-i', containerOf(service), ...args], input === undefined ? { env } : { env, input });
  const client = createClient({ address: (part) => url(part), token: () => '' });
  const incidents = async (): Promise<readonly Incident[]> =>
    (await getJson<{ incidents: Incident[] }>(url('supervisor', '/v1/incidents'))).incidents;
  const openIncidents = async () => (await incidents()).filter(({ state }) => state !== 'resolved');

  const stack = {
    project,
    env,
    files,
    notices,
    ...composeOf(FULL),
    /** docker-compose.lite.yml on the same project. */
    lite: composeOf(LITE),
    url,
    portOf,
    containerOf,
    client,
    incidents,
    /** Runs a program in a service's container. */
    exec,
    /** A script in the Node of a service's container, with its packages. @returns what it printed */
    script: (service: string, text: string) =>
      outputOf(exec(service, ['node', '--no-warnings', '--input-type=module-typescript', '-'], text)),
    inspect: async <T>(service: string, format: string): Promise<T> =>
      JSON.parse(await docker(['inspect', '-f', `{{json ${format}}}`, containerOf(service)])) as T,
    /** The command line as the manual says it. */
    understudy: (...args: string[]) => exec('supervisor', ['understudy', ...args]),
    ask: (text: string) => client.input({ text }),
    waitForIncident: (code: string, holds: (incident: Incident) => boolean, what: string) =>
      waitFor(
        async () => (await incidents().catch(() => [])).find((one) => one.code === code && holds(one)),
        `an incident ${code} that ${what}`,
        LIMIT_MS,
      ),
    /** Every service ready, mode full, no incident open. */
    async waitForCalm() {
      let seen = 'no status';
      await waitFor(
        async () => {
          const status = await client.status().catch(() => undefined);
          const open = await openIncidents().catch(() => undefined);
          seen = JSON.stringify({ mode: status?.mode, open, services: status?.services });
          const isReady = status?.services.every(({ state }) => state === 'ready');
          return isReady === true && status?.mode === 'full' && open?.length === 0;
        },
        'calm',
        LIMIT_MS,
      ).catch((error: Error) => {
        throw new Error(`${error.message}; last seen: ${seen}`);
      });
    },
    async close() {
      await stack.compose('down', '--volumes', '--remove-orphans', '--timeout', '2');
      await notices.close();
      files.remove();
    },
  };
  return stack;
}
export type ComposeStack = Awaited<ReturnType<typeof createStack>>;

/** Builds, starts, and waits until the bot is well. */
export async function startStack(options: StackOptions = {}): Promise<ComposeStack> {
  const stack = await createStack(options);
  try {
    await stack.build();
    await stack.up();
    await stack.waitForCalm();
    return stack;
  } catch (error) {
    await stack.close();
    throw error;
  }
}

export async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}
