import { createSocket, type Socket } from 'node:dgram';
import { ServiceError } from '@understudy/shared/errors';
import { describePortOwner, findPortOwner } from '@understudy/shared/service';

/** A burst of a whole avatar's parameters must not overflow the socket while the process is busy. */
const RECEIVE_BUFFER_BYTES = 1024 * 1024;

export interface Receiver {
  readonly port: number;
  close(): Promise<void>;
}

interface BindFailure {
  readonly message: string;
  readonly owner?: string;
}

/** Causes of a refused bind; whatever is not here is told as the system says it. */
async function explain(code: string | undefined, host: string, port: number): Promise<BindFailure> {
  switch (code) {
    case 'EADDRINUSE': {
      const owner = await findPortOwner('udp', port);
      return {
        message: `UDP port ${port} (vrchat.receive_port) is held by ${describePortOwner(owner)}; end it, or set vrchat.receive_port to a free port and start VRChat with --osc=9000:127.0.0.1:PORT to match`,
        ...(owner === undefined ? {} : { owner: describePortOwner(owner) }),
      };
    }
    case 'EACCES':
      return {
        message: `the system does not give UDP port ${port} (vrchat.receive_port): below 1024 it wants rights, and Windows reserves ranges (netsh int ipv4 show excludedportrange protocol=udp); set vrchat.receive_port to another port and start VRChat with --osc= to match`,
      };
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return {
        message: `${host} (vrchat.listen_host) is no address of this machine; set it to 127.0.0.1, or to 0.0.0.0 in a container`,
      };
    default:
      return {
        message: `UDP port ${port} (vrchat.receive_port) at ${host} cannot be opened: ${code ?? 'unknown reason'}`,
      };
  }
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
    const { message, owner } = await explain(cause.code, host, port);
    throw new ServiceError('OSC_PORT_IN_USE', message, {
      subject: `udp:${port}`,
      capability: 'act',
      context: { port, host, reason: cause.code, ...(owner === undefined ? {} : { owner }) },
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
