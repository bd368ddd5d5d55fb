export interface ShutdownOptions {
  /** In order: not ready, finish, flush, close. */
  readonly steps: readonly (() => unknown)[];
  readonly onError: (error: unknown) => void;
  /** A drain that hangs must not keep the process: the starter would have to kill it. 8000 by default. */
  readonly limitMs?: number;
}

const LIMIT_MS = 8000;

/** SIGTERM, SIGINT, the starter's `drain` and the end of its IPC channel all drain, once. @returns asks for the same */
export function drainOnRequest(options: ShutdownOptions): (exitCode?: number) => Promise<void> {
  let draining: Promise<void> | undefined;
  const run = async (exitCode: number) => {
    const limit = setTimeout(() => process.exit(exitCode), options.limitMs ?? LIMIT_MS);
    limit.unref();
    for (const step of options.steps) {
      try {
        await step();
      } catch (error) {
        options.onError(error);
      }
    }
    process.exit(exitCode);
  };
  const drain = (exitCode = 0): Promise<void> => {
    draining ??= run(exitCode);
    return draining;
  };
  process.once('SIGTERM', () => void drain());
  process.once('SIGINT', () => void drain());
  process.on('message', (message: { type?: string }) => {
    if (message?.type === 'drain') void drain();
  });
  process.once('disconnect', () => void drain());
  return drain;
}
