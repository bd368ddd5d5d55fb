import type { ExitCode } from './exit-codes.ts';

/** A command that ends here; its message tells the operator what is wrong and what to do, and is printed without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode, options?: { cause: unknown }) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
