import { randomInt } from 'node:crypto';
import type { Clock } from '@understudy/shared/service';
import { encodePing, type VbanPing } from '../vban/vban-ping.ts';

export interface PingTarget {
  /** Receivers that share one port are told apart by it. */
  readonly stream: string;
  readonly host: string;
  readonly port: number;
}

export interface VbanPinger {
  /** One PING0. @returns who answered, or `undefined` when nobody did in time */
  ping(target: PingTarget, timeoutMs: number, signal?: AbortSignal): Promise<string | undefined>;
  /** Every reply that arrives, on whichever socket. */
  onReply(reply: VbanPing, from: { readonly address: string; readonly port: number }): void;
}

interface Waiting {
  readonly target: PingTarget;
  readonly answered: (application: string) => void;
}

const U32 = 2 ** 32;

/**
 * A reply belongs to a ping when it repeats its counter (a number that a stranger does not know), or, since the protocol does not say
 * that it must, when it comes from the very address that was asked.
 */
export function createVbanPinger(
  send: (datagram: Buffer, target: PingTarget) => void,
  clock: Clock,
  firstCounter = randomInt(U32),
): VbanPinger {
  const waiting = new Map<number, Waiting>();
  let counter = firstCounter;

  const askedAt = (from: { address: string; port: number }): Waiting | undefined =>
    [...waiting.values()].find(({ target }) => target.host === from.address && target.port === from.port);

  return {
    async ping(target, timeoutMs, signal) {
      counter = (counter + 1) % U32;
      const own = counter;
      const over = new AbortController();
      const end = () => over.abort();
      signal?.addEventListener('abort', end);
      let application: string | undefined;
      waiting.set(own, {
        target,
        answered(name) {
          application = name;
          end();
        },
      });
      send(encodePing({ stream: target.stream, counter: own, isReply: false }), target);
      if (!signal?.aborted) await clock.sleep(timeoutMs, over.signal).catch(() => {});
      waiting.delete(own);
      signal?.removeEventListener('abort', end);
      return application;
    },
    onReply(reply, from) {
      if (!reply.isReply) return;
      (waiting.get(reply.counter) ?? askedAt(from))?.answered(reply.application || 'unnamed');
    },
  };
}
