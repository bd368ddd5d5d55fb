import type { Socket } from 'node:dgram';
import type { Server } from 'node:http';
import { bindUdp, closeUdp } from '../sockets/bind-udp.ts';
import { closeHttp, listenHttp } from '../sockets/listen-http.ts';

/** VRChat's sockets: one receives, one sends, one serves OSCQuery. They come and go together, as the game does. */
export interface OscLink {
  receivePort(): number;
  oscQueryPort(): number | undefined;
  isOpen(): boolean;
  send(datagram: Buffer): void;
  /** Opens or closes the sockets; one change after another. Resolves to whether something changed. */
  setOpen(open: boolean): Promise<boolean>;
}

interface OscLinkParts {
  readonly host: string;
  readonly receivePort: number;
  readonly oscQueryPort: number | undefined;
  readonly sendTo: { readonly host: string; readonly port: number };
  readonly receive: (datagram: Buffer) => void;
  readonly createOscQueryServer: () => Server;
}

interface OpenSockets {
  readonly receiver: Socket;
  readonly sender: Socket;
  readonly oscQuery: Server | undefined;
}

export function createOscLink({ host, sendTo, receive, createOscQueryServer, ...ports }: OscLinkParts): OscLink {
  // Port 0 is resolved once: after an absence the game is back on the ports it had.
  let { receivePort, oscQueryPort } = ports;
  let sockets: OpenSockets | undefined;
  let changing: Promise<unknown> = Promise.resolve();

  const open = async (): Promise<OpenSockets> => {
    const receiver = await bindUdp('VRChat (receivePort)', host, receivePort);
    receivePort = receiver.address().port;
    receiver.on('message', receive);
    const sender = await bindUdp('VRChat (sender)', host, 0);
    if (oscQueryPort === undefined) return { receiver, sender, oscQuery: undefined };
    const oscQuery = createOscQueryServer();
    try {
      oscQueryPort = await listenHttp('VRChat (oscQueryPort)', oscQuery, host, oscQueryPort);
    } catch (error) {
      await Promise.all([closeUdp(receiver), closeUdp(sender)]);
      throw error;
    }
    return { receiver, sender, oscQuery };
  };
  const shut = async ({ receiver, sender, oscQuery }: OpenSockets): Promise<void> => {
    await Promise.all([closeUdp(receiver), closeUdp(sender), oscQuery && closeHttp(oscQuery)]);
  };
  const change = async (wanted: boolean): Promise<boolean> => {
    const before = sockets;
    if (wanted === (before !== undefined)) return false;
    sockets = wanted ? await open() : undefined;
    if (before) await shut(before);
    return true;
  };

  return {
    receivePort: () => receivePort,
    oscQueryPort: () => oscQueryPort,
    isOpen: () => sockets !== undefined,
    send: (datagram) => sockets?.sender.send(datagram, sendTo.port, sendTo.host),
    setOpen(wanted) {
      const changed = changing.then(() => change(wanted));
      changing = changed.catch(() => {});
      return changed;
    },
  };
}
