/**
 * How every process of the bot is run, natively and in the image (Dockerfile, ENTRYPOINT): beside a game memory counts. Measured in
 * docs/adr/0011-memory.md.
 *
 * - `--max-semi-space-size` in MB: V8's young generation holds up to three of them, 16 each by default. Smaller ones are
 *   emptied more often.
 * - `--v8-pool-size`: threads for V8's background work, four by default; each has its own arena of memory.
 */
export const NODE_FLAGS = ['--no-warnings', '--max-semi-space-size=1', '--v8-pool-size=1'] as const;
