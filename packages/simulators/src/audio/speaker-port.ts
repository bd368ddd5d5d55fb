import type { RemoteInfo, Socket } from 'node:dgram';
import type { Violations } from '../record/violations.ts';
import { bindUdp, closeUdp } from '../sockets/bind-udp.ts';
import { decodeVban } from '../vban/decode-vban.ts';
import { replyToPing } from './ping-reply.ts';
import type { Speaker } from './speaker.ts';

/** One UDP port that several speakers may share, each with a stream of its own. */
export interface SpeakerPort {
  port(): number;
  listening(): boolean;
  malformedPackets(): number;
  /** Opens or closes the socket as `anySpeaker` says now; changes happen one after another. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

interface SpeakerPortParts {
  readonly host: string;
  readonly port: number;
  readonly speakers: readonly Speaker[];
  readonly available: (speaker: Speaker) => boolean;
  readonly violations: Violations;
}

/** @throws PortUnavailableError when the port is taken. */
export async function openSpeakerPort({
  host,
  port,
  speakers,
  available,
  violations,
}: SpeakerPortParts): Promise<SpeakerPort> {
  let boundPort = port;
  let socket: Socket | undefined;
  let closed = false;
  let malformedPackets = 0;
  let settling: Promise<void> = Promise.resolve();

  const receive = (datagram: Buffer, from: RemoteInfo): void => {
    const packet = decodeVban(datagram);
    switch (packet.type) {
      case 'audio': {
        const speaker = speakers.find(({ stream }) => stream === packet.stream);
        if (speaker) speaker.take(packet);
        else
          violations.add(
            'vban_unknown_stream',
            `'${packet.stream}': streams here are ${speakers.map(({ stream }) => stream).join(', ')}`,
          );
        return;
      }
      case 'ping': {
        const streams = speakers.map(({ stream }) => stream);
        const reply = packet.isReply ? undefined : replyToPing(packet, speakers.filter(available), streams);
        if (reply) socket?.send(reply, from.port, from.address);
        return;
      }
      case 'malformed':
        malformedPackets += 1;
        violations.add('vban_malformed', packet.reason);
        return;
      case 'other':
    }
  };

  const open = async (): Promise<void> => {
    socket = await bindUdp(`The speakers ${speakers.map(({ id }) => id).join(', ')}`, host, boundPort);
    boundPort = socket.address().port;
    socket.on('message', receive);
  };
  const shut = async (): Promise<void> => {
    const closing = socket;
    socket = undefined;
    if (closing) await closeUdp(closing);
  };
  const settleNow = async (): Promise<void> => {
    const wanted = !closed && speakers.some(available);
    if (wanted && !socket) await open();
    if (!wanted && socket) await shut();
  };

  await open();
  return {
    port: () => boundPort,
    listening: () => socket !== undefined,
    malformedPackets: () => malformedPackets,
    settle() {
      settling = settling.then(settleNow, settleNow);
      return settling;
    },
    async close() {
      closed = true;
      await settling.catch(() => {});
      await shut();
    },
  };
}
