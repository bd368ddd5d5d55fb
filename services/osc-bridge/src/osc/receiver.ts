import { createSocket, type Socket } from 'node:dgram';
import { ServiceError } from '@understudy/shared/errors';
import { describePortOwner, describeRefusedPort, findPortOwner } from '@understudy/shared/service';

/** A burst of a whole avatar's parameters must not overflow the socket while the process is busy. */
const RECEIVE_BUFFER_BYTES = 1024 * 1024;

const SETTINGS = {
  setting: 'vrchat.receive_port',
  hostSetting: 'vrchat.listen_host',
  consequence: 'and start VRChat with --osc=9000:127.0.0.1:PORT to match',
} as const;

export interface Receiver {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Opens the port that VRChat sends to. A plain socket and node-osc's decoder, not node-osc's Server: that one opens with
 * `reuseAddr`, and then two programs share the port without an error and only one of them hears.
 * @throws ServiceError OSC_PORT_IN_USE
 */
export async function openReceiver(options: {
  readonly host: string;
  readonly port: number;
  readonly onDatagram: (datagram: Buffer) => void;
  /** The socket broke after it was open; it is closed already. */
  readonly onBroken: (error: Error) => void;
}): Promise<Receiver> {
  const { host, port, onDatagram, onBroken } = options;
  const socket: Socket = createSocket({ type: 'udp4' });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ port, address: host }, () => {
      socket.off('error', reject);
      resolve();
    });
  }).catch(async (cause: NodeJS.ErrnoException) => {
    socket.close();
    const reason = cause.code ?? cause.name;
    const owner = reason === 'EADDRINUSE' ? await findPortOwner('udp', port) : undefined;
    const message = describeRefusedPort({ protocol: 'udp', host, port, ...SETTINGS }, reason, owner);
    throw new ServiceError('OSC_PORT_IN_USE', message, {
      subject: `udp:${port}`,
      capability: 'act',
      context: { port, host, reason, ...(owner === undefined ? {} : { owner: describePortOwner(owner) }) },
      cause,
    });
  });
  let open = true;
  socket.on('error', (error) => {
    if (!open) return;
    open = false;
    socket.close();
    onBroken(error);
  });
  socket.on('message', onDatagram);
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  } catch {
    // The system's own size has to do.
  }
  return {
    port: socket.address().port,
    close: () =>
      new Promise((resolve) => {
        if (!open) return resolve();
        open = false;
        socket.close(() => resolve());
      }),
  };
}
