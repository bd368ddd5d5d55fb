import type { RemoteInfo, Socket } from 'node:dgram';
import { toServiceError } from '@understudy/shared/errors';
import type { ServiceContext } from '@understudy/shared/service';
import { createVbanArrivals } from '../vban/arrivals.ts';
import { decodeVban } from '../vban/decode-vban.ts';
import type { VbanAudio } from '../vban/vban-audio.ts';
import type { VbanPing } from '../vban/vban-ping.ts';
import { bindUdp, closeUdp } from './udp-socket.ts';

export type AudioListener = (packet: VbanAudio, from: RemoteInfo) => void;

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

export interface VbanReceiver {
  /** Hears the packets of one stream, named exactly. @returns stops */
  listen(stream: string, listener: AudioListener): () => void;
  /** Why a stream does not come, as far as what came shows it; for an operator. @param quietMs it has been missed for so long */
  explainSilence(stream: string, quietMs: number): string | undefined;
  /** For datagrams that arrive on another socket of ours. */
  take(datagram: Buffer, from: RemoteInfo): void;
  /** Hears there from now on, and no longer where it did. */
  moveTo(address: ListenAddress): Promise<void>;
  isListening(): boolean;
  /** The port that is really listened to; 0 while there is none. */
  port(): number;
  close(): Promise<void>;
}

/** How often a port that another program holds is tried again. */
const RETRY_MS = 5000;

type Surroundings = Pick<ServiceContext, 'clock' | 'logger' | 'metrics' | 'reportError'>;

/**
 * The one socket for all incoming VBAN streams. What is not VBAN is counted by its reason, what nobody listens to is counted and dropped.
 * A port that is taken is reported once and tried again until it is free.
 */
export async function openVbanReceiver(
  context: Surroundings,
  listen: ListenAddress,
  onPing: (ping: VbanPing, from: RemoteInfo) => void,
): Promise<VbanReceiver> {
  const { clock, metrics } = context;
  const listeners = new Map<string, Set<AudioListener>>();
  const unknownStream = metrics.bindCounter('understudy_audio_packets_total', {
    direction: 'in',
    result: 'unknown_stream',
  });
  const otherKind = metrics.bindCounter('understudy_audio_packets_total', { direction: 'in', result: 'other_kind' });
  const arrivals = createVbanArrivals();
  let address = listen;
  let movedFrom: number | undefined;
  let opening = new AbortController();
  let socket: Socket | undefined;

  const take = (datagram: Buffer, from: RemoteInfo): void => {
    const packet = decodeVban(datagram);
    switch (packet.type) {
      case 'audio': {
        const hearing = listeners.get(packet.stream);
        arrivals.came(packet.stream, hearing === undefined ? 'unknown' : 'heard', clock.now());
        if (hearing === undefined) {
          unknownStream();
          break;
        }
        // Its senders know the port: what is missed later has another reason.
        movedFrom = undefined;
        for (const listener of hearing) listener(packet, from);
        break;
      }
      case 'ping':
        onPing(packet, from);
        break;
      case 'other':
        otherKind();
        break;
      case 'refused':
        arrivals.came(packet.stream, packet.reason, clock.now());
        metrics.inc('understudy_bad_input_total', { edge: 'vban', reason: packet.reason });
        break;
      case 'rejected':
        metrics.inc('understudy_bad_input_total', { edge: 'vban', reason: packet.reason });
    }
  };

  const shut = async (): Promise<void> => {
    opening.abort();
    const open = socket;
    socket = undefined;
    if (open) await closeUdp(open);
  };

  const open = async ({ host, port }: ListenAddress, { signal }: AbortController): Promise<void> => {
    const opened = await bindUdp(host, port, take);
    if (signal.aborted) return closeUdp(opened);
    socket = opened;
  };

  const keepTrying = async (own: AbortController): Promise<void> => {
    while (!own.signal.aborted && socket === undefined) {
      await clock.sleep(RETRY_MS, own.signal).catch(() => {});
      if (!own.signal.aborted) await open(address, own).catch(() => {});
    }
    if (!own.signal.aborted) {
      context.logger.info('The port for incoming audio is free again', { context: { port: address.port } });
    }
  };

  const openOrTell = async (): Promise<void> => {
    const own = new AbortController();
    opening = own;
    await open(address, own).catch((error: unknown) => {
      context.reportError(toServiceError(error));
      void keepTrying(own);
    });
  };

  await openOrTell();
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
    explainSilence(stream, quietMs) {
      const port = { number: address.port, isOpen: socket !== undefined, movedFrom };
      return arrivals.explainSilence(stream, port, quietMs, clock.now());
    },
    async moveTo(next) {
      await shut();
      arrivals.forget();
      if (next.port !== address.port) movedFrom = address.port;
      address = next;
      await openOrTell();
    },
    isListening: () => socket !== undefined,
    port: () => socket?.address().port ?? 0,
    close: shut,
  };
}
