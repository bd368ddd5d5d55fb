import type { ServiceContext } from '@understudy/shared/service';
import { bindUdp, closeUdp } from './udp-socket.ts';
import { createVbanPinger, type PingTarget } from './vban-pinger.ts';
import { type ListenAddress, openVbanReceiver, type VbanReceiver } from './vban-receiver.ts';

export interface VbanNetwork extends Omit<VbanReceiver, 'take'> {
  /** Never fails: UDP does not say whether anybody is there. Ask by `ping`. */
  send(datagram: Buffer, target: { readonly host: string; readonly port: number }): void;
  ping(target: PingTarget, timeoutMs: number, signal?: AbortSignal): Promise<string | undefined>;
}

type Surroundings = Pick<ServiceContext, 'clock' | 'logger' | 'metrics' | 'reportError'>;

/**
 * Two sockets: one on the configured port that hears, one on any port that speaks, so that the bot can speak while another program
 * holds the port, and goes on while a reload moves it. Replies to pings are taken from either.
 */
export async function openVbanNetwork(context: Surroundings, listen: ListenAddress): Promise<VbanNetwork> {
  const failedSend = context.metrics.bindCounter('understudy_audio_packets_total', {
    direction: 'out',
    result: 'failed',
  });
  const send: VbanNetwork['send'] = (datagram, { host, port }) => {
    sender.send(datagram, port, host, (error) => {
      if (error) failedSend();
    });
  };
  const pinger = createVbanPinger(send, context.clock);
  const receiver = await openVbanReceiver(context, listen, pinger.onReply);
  const sender = await bindUdp('0.0.0.0', 0, receiver.take);
  return {
    ...receiver,
    send,
    ping: pinger.ping,
    async close() {
      await Promise.all([receiver.close(), closeUdp(sender)]);
    },
  };
}
