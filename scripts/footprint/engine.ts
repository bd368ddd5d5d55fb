import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { promisify } from 'node:util';

const run = promisify(execFile);

export async function docker(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout } = await run('docker', [...args], { env: { ...process.env, ...env }, maxBuffer: 1 << 24 });
  return stdout.trim();
}

/** Node's `socketPath` of the engine that the client talks to. @throws Error for an engine on another machine */
export async function engineSocket(): Promise<string> {
  const address =
    process.env['DOCKER_HOST'] ?? (await docker(['context', 'inspect', '-f', '{{.Endpoints.docker.Host}}']));
  const path = /^(?:unix|npipe):\/\/(.+)$/.exec(address)?.[1];
  if (path === undefined)
    throw new Error(`The Docker engine is at ${address}; the footprint is measured on its own machine only`);
  return path;
}

/** What the engine says of one container. https://docs.docker.com/reference/api/engine/ (ContainerStats) */
interface EngineStats {
  readonly cpu_stats: { readonly cpu_usage: { readonly total_usage: number } };
  readonly memory_stats: { readonly usage?: number; readonly stats?: Readonly<Record<string, number>> };
}

export interface Sample {
  readonly atMs: number;
  /** Usage less inactive files: what the kernel could not simply take back. */
  readonly memoryBytes: number;
  /** Of one core, since the container's start. */
  readonly processorNs: number;
}

function askEngine(socketPath: string, path: string): Promise<EngineStats> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, headers: { host: 'docker' } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve(JSON.parse(text) as EngineStats));
    });
    asked.on('error', reject);
    asked.end();
  });
}

export async function sampleContainer(socketPath: string, id: string): Promise<Sample> {
  const { cpu_stats: processor, memory_stats: memory } = await askEngine(
    socketPath,
    `/containers/${id}/stats?stream=false&one-shot=true`,
  );
  // Control groups of version 1 count a container's children under total_*; version 2 has one hierarchy.
  const inactive = memory.stats?.['total_inactive_file'] ?? memory.stats?.['inactive_file'] ?? 0;
  return {
    atMs: Date.now(),
    memoryBytes: (memory.usage ?? 0) - inactive,
    processorNs: processor.cpu_usage.total_usage,
  };
}
