import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

export type ToUdpPeer =
  | {
      readonly type: 'send';
      readonly to: number;
      /** Datagrams per second. */
      readonly rate: number;
      readonly count: number;
      /** Sent in turn. */
      readonly datagrams: readonly Uint8Array[];
    }
  | { readonly type: 'count' };

export type FromUdpPeer =
  | { readonly type: 'open'; readonly port: number }
  | { readonly type: 'sent'; readonly tookMs: number }
  | { readonly type: 'received'; readonly count: number };

/** A bare UDP socket on loopback in another thread, so that its work is not the benched thread's. */
export interface UdpPeer {
  readonly port: number;
  send(order: Omit<Extract<ToUdpPeer, { type: 'send' }>, 'type'>): Promise<number>;
  received(): Promise<number>;
  close(): Promise<unknown>;
}

export async function startUdpPeer(): Promise<UdpPeer> {
  const worker = new Worker(new URL('./udp-peer.fixture.ts', import.meta.url));
  const answer = async <Type extends FromUdpPeer['type']>(
    type: Type,
    order?: ToUdpPeer,
  ): Promise<Extract<FromUdpPeer, { type: Type }>> => {
    const answered = once(worker, 'message');
    if (order) worker.postMessage(order);
    const [message]: FromUdpPeer[] = await answered;
    if (message?.type !== type) throw new Error(`the UDP peer answered ${message?.type} in place of ${type}`);
    return message as Extract<FromUdpPeer, { type: Type }>;
  };
  const { port } = await answer('open');
  return {
    port,
    send: async (order) => (await answer('sent', { type: 'send', ...order })).tookMs,
    received: async () => (await answer('received', { type: 'count' })).count,
    close: () => worker.terminate(),
  };
}
