const MAX_DEPTH = 5;

/** The system's code (`ECONNREFUSED`, `UND_ERR_SOCKET`, ...), wherever in the chain of causes it stands; else the error's name. */
export function transportCode(error: unknown): string {
  let at = error;
  for (let depth = 0; at instanceof Error && depth < MAX_DEPTH; depth += 1) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    at = at.cause;
  }
  return error instanceof Error ? error.name : 'unknown';
}
