import { execFile, spawn, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { waitUntil } from './wait-until.ts';

const run = promisify(execFile);
const isMissing = ['oscdump', 'oscsend'].some((program) => spawnSync(program).error !== undefined);

export const skipWithoutLiblo = isMissing && "liblo's oscdump and oscsend are missing: apt-get install liblo-tools";

export interface HeardMessage {
  /** Seconds, by liblo's clock. */
  readonly at: number;
  /** Address, type tags and values; a text as it is, in quotation marks. */
  readonly said: string;
}

export interface ForeignVrchat {
  /** In the order of their arrival. */
  heard(): HeardMessage[];
  /** What was said so far in the chatbox, without the quotation marks. */
  pages(): string[];
  /** Waits for a message, at or behind the `from`th. */
  hears(said: string, from?: number): Promise<void>;
  send(...args: string[]): Promise<unknown>;
  close(): void;
}

const HEAD = /^([0-9a-f]{8})\.([0-9a-f]{8}) (?=\/)/m;
const PAGE = /^\/chatbox\/input sTF "(.*)" #T #F$/s;

/** liblo's tools in VRChat's place: a codec that shares nothing with the bridge's. */
export function openForeignVrchat(sendPort: number, receivePort: number): ForeignVrchat {
  const dump = spawn('oscdump', ['-L', String(sendPort)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  dump.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const heard = (): HeardMessage[] => {
    const [, ...parts] = printed.split(HEAD);
    const messages: HeardMessage[] = [];
    for (let at = 0; at + 2 < parts.length; at += 3) {
      const [seconds = '', fraction = '', said = ''] = parts.slice(at, at + 3);
      // What has no end yet is still being printed.
      if (said.endsWith('\n'))
        messages.push({
          at: Number.parseInt(seconds, 16) + Number.parseInt(fraction, 16) / 2 ** 32,
          said: said.slice(0, -1),
        });
    }
    return messages;
  };
  return {
    heard,
    pages: () => heard().flatMap(({ said }) => PAGE.exec(said)?.[1] ?? []),
    hears: (said, from = 0) =>
      waitUntil(said, () =>
        heard()
          .slice(from)
          .some((message) => message.said === said),
      ),
    send: (...args) => run('oscsend', ['127.0.0.1', String(receivePort), ...args]),
    close: () => void dump.kill(),
  };
}
