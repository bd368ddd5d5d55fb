import type { ServiceContext } from '@understudy/shared/service';
import { bindUdp, closeUdp } from './udp-socket.ts';
import { createVbanPinger, type PingTarget } from './vban-pinger.ts';
import { openVbanReceiver, type VbanReceiver } from './vban-receiver.ts';

export interface VbanNetwork extends Pick<VbanReceiver, 'listen' | 'isListening' | 'port'> {
  /** Never fails: UDP does not say whether anybody is there. Ask by `ping`. */
  send(datagram: Buffer, target: { readonly host: string; readonly port: number }): void;
  ping(target: PingTarget, timeoutMs: number, signal?: AbortSignal): Promise<string | undefined>;
  close(): Promise<void>;
}

type Surroundings = Pick<ServiceContext, 'clock' | 'logger' | 'metrics' | 'reportError'>;

/**
 * Two sockets: one on the configured port that hears, one on any port that speaks, so that the bot can speak while another program
 * holds the port. Replies to pings are taken from either.
 */
export async function openVbanNetwork(
  context: Surroundings,
  listen: { readonly host: string; readonly port: number },
): Promise<VbanNetwork> {
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
  const receiver = await openVbanReceiver(context, { ...listen, onPing: pinger.onReply });
  const sender = await bindUdp('0.0.0.0', 0, receiver.take);
  return {
    listen: receiver.listen,
    isListening: receiver.isListening,
    port: receiver.port,
    send,
    ping: pinger.ping,
    async close() {
      await Promise.all([receiver.close(), closeUdp(sender)]);
    },
  };
}
