import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface LibloPeer {
  /** Each message as oscdump prints it, without its time: `/chatbox/input sTF "Hello" #T #F`. */
  received(): readonly string[];
  start(): void;
  stop(): Promise<void>;
}

interface LibloOptions {
  readonly receivePort: number;
  readonly sendPort: number;
  /** A bool of the avatar, whose changes it sends back as VRChat does. */
  readonly echo: string;
}

/** A game that is liblo: oscdump receives, oscsend sends back what changes of the avatar. */
export function startLibloPeer({ receivePort, sendPort, echo }: LibloOptions): LibloPeer {
  const received: string[] = [];
  const address = `/avatar/parameters/${echo}`;
  let dump: ChildProcess | undefined;

  const onLine = (line: string): void => {
    // e3c1a2.5f00 /address types values
    const message = line.replace(/^\S+ /, '');
    received.push(message);
    const type = message.startsWith(`${address} `) ? message.split(' ')[1] : undefined;
    if (type === 'T' || type === 'F') execFile('oscsend', ['127.0.0.1', String(sendPort), address, type], () => {});
  };

  const peer: LibloPeer = {
    received: () => received,
    start() {
      // -L: line by line, else a pipe shows nothing for minutes.
      dump = spawn('oscdump', ['-L', String(receivePort)], { stdio: ['ignore', 'pipe', 'ignore'] });
      if (dump.stdout) createInterface({ input: dump.stdout }).on('line', onLine);
    },
    async stop() {
      const ending = dump;
      dump = undefined;
      if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
      ending.kill('SIGKILL');
      await once(ending, 'exit');
    },
  };
  peer.start();
  return peer;
}
