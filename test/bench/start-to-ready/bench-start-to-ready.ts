import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SupervisedService } from '@understudy/shared/contracts';
import { freePort, type TestNats } from '@understudy/shared/testing';
import { type BenchRow, inMs, times } from '../bench-row.ts';
import { measureInterleaved, type Rounds } from '../measure-interleaved.ts';
import { median } from '../quantile.ts';
import { startBus } from '../start-bus.ts';

const LIMIT = 1.5;
const BARE = fileURLToPath(new URL('./bare-fastify.fixture.ts', import.meta.url));
const mainOf = (service: SupervisedService) =>
  fileURLToPath(new URL(`../../../services/${service}/src/main.ts`, import.meta.url));

/** Milliseconds from `spawn` to the message `ready`; the process is ended afterwards. */
async function startOnce(file: string, env: Record<string, string>): Promise<number> {
  const began = performance.now();
  const child: ChildProcess = spawn(process.execPath, [file], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const ended = once(child, 'exit');
  const ready = new Promise<number>((resolve) => {
    child.on('message', (message: { type?: string }) => {
      if (message.type === 'ready') resolve(performance.now() - began);
    });
  });
  const tookMs = await Promise.race([
    ready,
    ended.then(() => {
      throw new Error(`${file} ended before it was ready:\n${complaint}`);
    }),
  ]);
  child.kill('SIGKILL');
  await ended;
  return tookMs;
}

/** Real, as the starter runs it: its own data, its log file, NATS up, the streams there. */
function serviceStart(service: SupervisedService, nats: TestNats, folder: string, cache: string) {
  return async () => {
    const port = await freePort();
    const own = mkdtempSync(join(folder, `${service}-`));
    const configFile = join(own, 'understudy.yaml');
    writeFileSync(configFile, `http: { ports: { ${service}: ${port} } }\n`);
    return startOnce(mainOf(service), {
      NODE_COMPILE_CACHE: cache,
      UNDERSTUDY_CONFIG: configFile,
      UNDERSTUDY_DATA: own,
      UNDERSTUDY_LOGS: join(own, 'logs'),
      UNDERSTUDY_NATS_URL: nats.url,
      UNDERSTUDY_NATS_PASSWORD: nats.passwords[service],
      UNDERSTUDY_TOKEN: 'a-token-of-the-bench',
      UNDERSTUDY_CONSOLE: 'off',
    });
  };
}

/** (e) With a warm compile cache: the first start of each fills it and is thrown away. */
export async function benchStartToReady(rounds: Rounds): Promise<BenchRow[]> {
  const { nats, stop } = await startBus();
  const folder = mkdtempSync(join(tmpdir(), 'understudy-bench-'));
  const cache = join(folder, 'compile-cache');
  try {
    const samples = await measureInterleaved(rounds, {
      bare: () => startOnce(BARE, { NODE_COMPILE_CACHE: cache }),
      'llm-service': serviceStart('llm-service', nats, folder, cache),
      'osc-bridge': serviceStart('osc-bridge', nats, folder, cache),
    });
    return [
      rowOf('llm-service', samples['llm-service'], samples.bare),
      rowOf('osc-bridge', samples['osc-bridge'], samples.bare),
    ];
  } finally {
    await stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The fastest start is given too: it comes nearest to a machine with nothing else to do, and a start keeps more than one core busy. */
function rowOf(service: SupervisedService, starts: readonly number[], bareStarts: readonly number[]): BenchRow {
  const [ms, bareMs] = [median(starts), median(bareStarts)];
  const [fastest, bareFastest] = [Math.min(...starts), Math.min(...bareStarts)];
  return {
    id: `e.${service}`,
    what: `start to ready, ${service}`,
    result: `${inMs(ms)}, ${times(ms / bareMs)} (fastest ${inMs(fastest)}, ${times(fastest / bareFastest)})`,
    baseline: `a bare Fastify process until it listens: ${inMs(bareMs)} (fastest ${inMs(bareFastest)})`,
    target: `<= ${times(LIMIT)}`,
    isMet: ms <= LIMIT * bareMs,
  };
}
