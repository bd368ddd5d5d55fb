import type { Peer } from '@understudy/shared/config';
import type { Servers } from '../../../scripts/ensure-servers.ts';
import type { ServerFault } from './http/starter-app.ts';
import type { ConsoleFormat } from './services/service-environment.ts';
import type { ProcessState } from './supervise/process-state.ts';

export interface StartOptions {
  /** The checkout. */
  readonly root: string;
  /** Must be there. Default: `config/understudy.yaml` of the checkout, which may be missing. */
  readonly configFile?: string;
  /** Data, secrets, token and run records. Default: `.understudy` of the checkout. */
  readonly stateFolder?: string;
  /** Default: `logging.output.folder` of the configuration. */
  readonly logsFolder?: string;
  /** Accept faults on purpose (`POST /v1/faults`). Default: no. */
  readonly faults?: boolean;
  /** What the services print; default `off`. They log to files either way. */
  readonly console?: ConsoleFormat;
  /** nats-server and redis-server; default: looked for, and installed where that may be done. */
  readonly servers?: Servers;
  readonly onEvent?: (event: StartEvent) => void;
}

/** What the start has to say, as it happens. */
export type StartEvent =
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'process'; readonly name: string; readonly state: ProcessState }
  | { readonly type: 'output'; readonly name: string; readonly line: string };

export interface StartedPart {
  readonly name: string;
  readonly state: ProcessState['state'] | 'absent';
  readonly address: string;
}

/** The short table that `npm start` prints. */
export interface StartReport {
  readonly parts: readonly StartedPart[];
  readonly simulated: readonly Peer[];
}

export interface Understudy {
  /** Everything has been started once. Rejects with a StartRefusedError; then nothing is left running. */
  readonly ready: Promise<StartReport>;
  /** The table now. */
  report(): StartReport;
  /** Process ids by part (`nats`, `redis`, `simulators`, service names); only those that run. */
  pids(): Readonly<Record<string, number>>;
  /** As `kill -9` by hand would. @throws Error when no such part runs */
  kill(part: string, signal?: NodeJS.Signals): void;
  injectServerFault(fault: ServerFault, durationMs: number): void;
  /** Ends everything in reverse order, drained; ends it without waiting when called again with `now`. Idempotent. */
  stop(how?: 'drained' | 'now'): Promise<void>;
}
