import { type ChildProcess, type Serializable, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface ProcessCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** A Node process of ours: it is spoken to over IPC, and ends by itself when that closes. */
  readonly ipc: boolean;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it said last, oldest first. */
  readonly lastLines: readonly string[];
  /** It could not even be started. */
  readonly startError?: Error;
}

export interface RunningProcess {
  /** `undefined` when it could not be started. */
  readonly pid: number | undefined;
  readonly ended: Promise<ProcessEnd>;
  onMessage(listener: (message: Serializable) => void): void;
  onLine(listener: (line: string) => void): void;
  send(message: Serializable): void;
  disconnect(): void;
  kill(signal: NodeJS.Signals): void;
}

const LAST_LINES = 20;
const LONGEST_LINE = 2000;

/**
 * Starts one child outside of the terminal's process group: Ctrl-C must reach the starter alone, which stops the rest in order.
 * Whatever the child leaves behind in its own group ends with it.
 */
export function launchProcess({ command, args, env, cwd, ipc }: ProcessCommand): RunningProcess {
  const child = spawn(command, args, {
    cwd,
    env,
    detached: true,
    windowsHide: true,
    stdio: ipc ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
  });
  const lastLines: string[] = [];
  const lineListeners: ((line: string) => void)[] = [];
  const take = (line: string) => {
    const bounded = line.slice(0, LONGEST_LINE);
    lastLines.push(bounded);
    if (lastLines.length > LAST_LINES) lastLines.shift();
    for (const listener of lineListeners) listener(bounded);
  };
  readLines(child.stdout, take);
  readLines(child.stderr, take);
  // A message to a child that has just ended is an error event of the channel; its end is told by `ended`.
  const ignore = () => {};
  return {
    pid: child.pid,
    ended: whenEnded(child, lastLines),
    onMessage: (listener) => void child.on('message', listener),
    onLine: (listener) => void lineListeners.push(listener),
    send: (message) => void (child.connected && child.send(message, ignore)),
    disconnect: () => void (child.connected && child.disconnect()),
    kill: (signal) => void child.kill(signal),
  };
}

function readLines(stream: Readable | null, take: (line: string) => void): void {
  if (stream) createInterface({ input: stream }).on('line', take);
}

/** `exit` and not `close`: a grandchild may hold the pipes open. The lines that are in the pipes get one turn of the loop to arrive. */
function whenEnded(child: ChildProcess, lastLines: readonly string[]): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once('error', (startError) => {
      if (child.pid === undefined) resolve({ code: null, signal: null, lastLines: [], startError });
    });
    child.once('exit', (code, signal) => {
      endGroup(child.pid);
      const finish = () => resolve({ code, signal, lastLines: [...lastLines] });
      const limit = setTimeout(finish, 200);
      child.once('close', () => {
        clearTimeout(limit);
        setImmediate(finish);
      });
    });
  });
}

/** Children of a killed child: in its process group on POSIX, in its job object on Windows, which the system ends itself. */
function endGroup(leader: number | undefined): void {
  if (leader === undefined || process.platform === 'win32') return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // Nobody is left in it: the usual case.
  }
}
