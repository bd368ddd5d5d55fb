import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@understudy/shared/testing';
import { createTinyModel } from './tiny-model.ts';

const PROGRAM = 'llama-server';
/** Beyond what loading a model of 260 KB takes on any machine. */
const READY_MS = 60_000;
const ASK_AGAIN_MS = 20;

/** Why no test with it can run here, for `{ skip }`. */
export const llamaServerMissing: string | false =
  spawnSync(PROGRAM, ['--help']).error !== undefined &&
  `NOT TESTED: ${PROGRAM} is not on this machine (scripts/ensure-model-server.ts)`;

interface Slot {
  readonly is_processing: boolean;
  /** Of the prompt and of what it has answered to it. */
  readonly n_prompt_tokens: number;
}

const pause = () => new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));

/** A real llama.cpp on a port of its own, with {@link createTinyModel}. */
export async function createLlamaServer({ contextTokens, apiKey }: { contextTokens: number; apiKey?: string }) {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-llama-'));
  const model = join(folder, 'tiny.gguf');
  writeFileSync(model, createTinyModel());
  const origin = `http://127.0.0.1:${await freePort()}`;
  const args = ['-m', model, '--port', new URL(origin).port, '-c', `${contextTokens}`, '-np', '1', '-t', '1'];
  if (apiKey !== undefined) args.push('--api-key', apiKey);
  const headers = { authorization: `Bearer ${apiKey}` };
  let child: ChildProcess | undefined;

  const kill = async (): Promise<void> => {
    if (child?.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };

  return {
    url: `${origin}/v1`,
    async start(): Promise<void> {
      const started = spawn(PROGRAM, args, { stdio: ['ignore', 'ignore', 'pipe'] });
      child = started;
      let log = '';
      started.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
      for (const until = Date.now() + READY_MS; ; await pause()) {
        if (started.exitCode !== null) throw new Error(`${PROGRAM} ended with ${started.exitCode}: ${log}`);
        if (Date.now() > until) throw new Error(`${PROGRAM} is not ready after ${READY_MS} ms: ${log}`);
        const health = await fetch(`${origin}/health`).catch(() => undefined);
        if (health?.ok) return;
      }
    },
    /** Waits until it thinks no more. @returns how many tokens it had then read and written, by its own word */
    async tokensWhenIdle(): Promise<number> {
      for (;;) {
        const [slot] = (await (await fetch(`${origin}/slots`, { headers })).json()) as [Slot];
        if (!slot.is_processing) return slot.n_prompt_tokens;
        await pause();
      }
    },
    kill,
    async remove(): Promise<void> {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
