/** Where the sound server is expected. */
export interface ServerPlace {
  /** `unix:/path` or `tcp:host:port`; none: the server of the user. */
  readonly address: string | undefined;
  /** Its socket, where it has one that is known. */
  readonly socket: string | undefined;
  readonly socketExists: boolean;
  readonly uid: number | undefined;
  /** PULSE_COOKIE. */
  readonly cookie: string | undefined;
}

/** What became of the last `pactl`. */
export type PactlFailure =
  | { readonly type: 'missing' }
  | { readonly type: 'timeout'; readonly afterMs: number }
  /** It ended; `said` is its stderr. */
  | { readonly type: 'failed'; readonly said: string }
  | { readonly type: 'no_session_manager' };

export const NO_SESSION_MANAGER: PactlFailure = { type: 'no_session_manager' };

/** The variables that choose the server, first wins; paths as libpulse builds them. */
export function findServerPlace(
  configured: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  uid: number | undefined,
  exists: (path: string) => boolean,
): ServerPlace {
  const address = configured ?? env['PULSE_SERVER'];
  const folder = env['PULSE_RUNTIME_PATH'] ?? (env['XDG_RUNTIME_DIR'] && `${env['XDG_RUNTIME_DIR']}/pulse`);
  const own = folder ? `${folder}/native` : undefined;
  const given = address === undefined ? undefined : (/^(?:unix:)?(\/.*)$/.exec(address)?.[1] ?? undefined);
  const socket = address === undefined ? own : given;
  return {
    address,
    socket,
    socketExists: socket !== undefined && exists(socket),
    uid,
    cookie: env['PULSE_COOKIE'],
  };
}

/** What is wrong, where, and what to do about it; for an operator. */
export function explainOutage(failure: PactlFailure, place: ServerPlace): string {
  const server = `The sound server at ${place.address ?? place.socket ?? "the user's default address"}`;
  switch (failure.type) {
    case 'missing':
      return 'pactl, parec and pacat are missing: apt install pulseaudio-utils (pipewire-pulse needs them too)';
    case 'timeout':
      return `${server} takes connections but did not answer within ${failure.afterMs} ms: it hangs; restart it`;
    case 'no_session_manager':
      return `${server} is PipeWire without its session manager, so that nothing is connected: start wireplumber`;
    case 'failed':
      return explainWords(failure.said, server, place);
  }
}

function explainWords(said: string, server: string, { socket, socketExists, uid, cookie }: ServerPlace): string {
  if (/invalid option|Invalid format/i.test(said))
    return 'pactl is older than 16 and cannot write JSON: update pulseaudio-utils';
  if (/Access denied/i.test(said)) {
    const key = cookie === undefined ? 'PULSE_COOKIE is not set' : `the cookie ${cookie} is not the server's`;
    return `${server} refuses user ${uid ?? 'unknown'}, and ${key}; run as the server's user, or mount its cookie (~/.config/pulse/cookie) and set PULSE_COOKIE`;
  }
  if (socket !== undefined && !socketExists) {
    return `${server} is not there: the socket ${socket} does not exist; start the server (PipeWire: pipewire-pulse), mount its socket to that path, or correct audio.pulse.server (else PULSE_SERVER)`;
  }
  if (/Connection refused/i.test(said)) return `${server} refuses the connection: nobody listens there; start it`;
  if (/Connection terminated/i.test(said)) return `${server} ended; start it again`;
  if (/Host not found|No such host|Name or service|Invalid server/i.test(said)) {
    return `${server} has an address that leads nowhere; correct audio.pulse.server`;
  }
  return `${server} cannot be used: ${lastLine(said) || 'pactl gave no reason'}; see pactl info`;
}

const lastLine = (said: string): string => (said.trim().split('\n').at(-1) ?? '').slice(0, 200);
