import { describeFailure } from './open-http.ts';

export interface ObsProblem {
  readonly problem: string;
  readonly isRefused: boolean;
}

/** Close codes and request statuses of obs-websocket 5 that are worth words of their own. */
const KNOWN: Readonly<Record<number, ObsProblem>> = {
  4009: {
    problem:
      'OBS refuses the password; set vision.source.password_env or password_file to that of its WebSocket server',
    isRefused: true,
  },
  4010: { problem: 'OBS speaks another version of its WebSocket protocol; update OBS', isRefused: true },
  4011: { problem: 'somebody ended the session in OBS', isRefused: false },
  1005: { problem: 'OBS closed the connection', isRefused: false },
  1006: { problem: 'OBS cut the connection', isRefused: false },
  204: { problem: 'OBS knows no screenshots; update OBS to 28 or later', isRefused: true },
  207: { problem: 'OBS is not ready yet', isRefused: false },
};
/** No source of that name, and one that has no picture. */
const UNUSABLE = new Set([600, 602]);

const codeOf = (error: unknown): number | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;

/** @param source the configured one; a scene that is followed may vanish at any time, and is no refusal */
export function readObsProblem(error: unknown, source: string | undefined): ObsProblem {
  const code = codeOf(error);
  if (code !== undefined && UNUSABLE.has(code) && source !== undefined) {
    return { problem: `OBS has no source or scene "${source}" with a picture`.slice(0, 200), isRefused: true };
  }
  const known = code === undefined ? undefined : KNOWN[code];
  return known ?? { problem: describeFailure(error).slice(0, 200), isRefused: false };
}
