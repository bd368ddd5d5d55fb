/** A port could not be opened. Its message names the port, what wanted it and the remedy. */
export class PortUnavailableError extends Error {
  override readonly name = 'PortUnavailableError';
  readonly code = 'SIMULATOR_PORT_UNAVAILABLE';
}

/** Says which port of which simulator failed; errors of the system keep their code in `cause`. */
export function portUnavailable(what: string, host: string, port: number, cause: unknown): PortUnavailableError {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return new PortUnavailableError(
    `${what} cannot open ${host}:${port} (${reason}): end the program that uses the port, or choose another port.`,
    { cause },
  );
}
