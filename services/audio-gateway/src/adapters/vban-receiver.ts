import type { RemoteInfo, Socket } from 'node:dgram';
import { toServiceError } from '@understudy/shared/errors';
import type { ServiceContext } from '@understudy/shared/service';
import { decodeVban } from '../vban/decode-vban.ts';
import type { VbanAudio } from '../vban/vban-audio.ts';
import type { VbanPing } from '../vban/vban-ping.ts';
import { bindUdp, closeUdp } from './udp-socket.ts';

export type AudioListener = (packet: VbanAudio, from: RemoteInfo) => void;

export interface VbanReceiver {
  /** Hears the packets of one stream, named exactly. @returns stops */
  listen(stream: string, listener: AudioListener): () => void;
  /** For datagrams that arrive on another socket of ours. */
  take(datagram: Buffer, from: RemoteInfo): void;
  isListening(): boolean;
  /** The port that is really listened to; 0 while there is none. */
  port(): number;
  close(): Promise<void>;
}

interface ReceiverOptions {
  readonly host: string;
  readonly port: number;
  readonly onPing: (ping: VbanPing, from: RemoteInfo) => void;
}

/** How often a port that another program holds is tried again. */
const RETRY_MS = 5000;

type Surroundings = Pick<ServiceContext, 'clock' | 'logger' | 'metrics' | 'reportError'>;

/**
 * The one socket for all incoming VBAN streams. What is not VBAN is counted by its reason, what nobody listens to is counted and dropped.
 * A port that is taken is reported once and tried again until it is free.
 */
export async function openVbanReceiver(context: Surroundings, options: ReceiverOptions): Promise<VbanReceiver> {
  const { metrics } = context;
  const listeners = new Map<string, Set<AudioListener>>();
  const unknownStream = metrics.bindCounter('understudy_audio_packets_total', {
    direction: 'in',
    result: 'unknown_stream',
  });
  const otherKind = metrics.bindCounter('understudy_audio_packets_total', { direction: 'in', result: 'other_kind' });
  const closing = new AbortController();
  let socket: Socket | undefined;

  const take = (datagram: Buffer, from: RemoteInfo): void => {
    const packet = decodeVban(datagram);
    switch (packet.type) {
      case 'audio': {
        const hearing = listeners.get(packet.stream);
        if (hearing === undefined) unknownStream();
        else for (const listener of hearing) listener(packet, from);
        break;
      }
      case 'ping':
        options.onPing(packet, from);
        break;
      case 'other':
        otherKind();
        break;
      case 'rejected':
        metrics.inc('understudy_bad_input_total', { edge: 'vban', reason: packet.reason });
    }
  };

  const open = async (): Promise<void> => {
    const opened = await bindUdp(options.host, options.port, take);
    if (closing.signal.aborted) return closeUdp(opened);
    socket = opened;
  };

  const keepTrying = async (): Promise<void> => {
    while (!closing.signal.aborted && socket === undefined) {
      await context.clock.sleep(RETRY_MS, closing.signal).catch(() => {});
      await open().catch(() => {});
    }
    if (socket) context.logger.info('The port for incoming audio is free again', { context: { port: options.port } });
  };

  await open().catch((error: unknown) => {
    context.reportError(toServiceError(error));
    void keepTrying();
  });

  return {
    take,
    listen(stream, listener) {
      const hearing = listeners.get(stream) ?? new Set();
      listeners.set(stream, hearing.add(listener));
      return () => {
        hearing.delete(listener);
        if (hearing.size === 0) listeners.delete(stream);
      };
    },
    isListening: () => socket !== undefined,
    port: () => socket?.address().port ?? 0,
    async close() {
      closing.abort();
      if (socket) await closeUdp(socket);
      socket = undefined;
    },
  };
}
