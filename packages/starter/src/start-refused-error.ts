/** The start cannot go on, and its message tells the operator what is wrong, where, and what to do; printed without a stack. */
export class StartRefusedError extends Error {
  override readonly name = 'StartRefusedError';
  readonly code = 'START_REFUSED';
  /** 1, or 78 (sysexits.h EX_CONFIG) for a wrong configuration. */
  readonly exitCode: number;

  constructor(message: string, exitCode: number, options?: { cause: unknown }) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
