import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { ServiceError } from '@understudy/shared/errors';
import { describePortOwner, findPortOwner } from '@understudy/shared/service';

export type DatagramListener = (datagram: Buffer, from: RemoteInfo) => void;

/** A burst of 16 streams for a quarter of a second fits. The system may grant less. */
const RECEIVE_BUFFER_BYTES = 1 << 20;

/**
 * @param port 0: any free one
 * @throws ServiceError AUDIO_PORT_IN_USE, or UNEXPECTED_ERROR for an address that this machine does not have
 */
export async function bindUdp(host: string, port: number, listener: DatagramListener): Promise<Socket> {
  const socket = createSocket('udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind({ address: host, port, exclusive: true }, resolve);
    });
  } catch (error) {
    socket.close();
    throw await bindError(error, host, port);
  }
  socket.removeAllListeners('error');
  // A send to a closed port comes back as an error of the socket on some systems; it says nothing about this socket.
  socket.on('error', () => {});
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  } catch {
    // The system's default serves as well, with a smaller margin.
  }
  socket.on('message', listener);
  return socket;
}

async function bindError(error: unknown, host: string, port: number): Promise<ServiceError> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  const where = `UDP ${host}:${port} (audio.listen)`;
  if (code === 'EADDRINUSE') {
    const owner = describePortOwner(await findPortOwner('udp', port));
    return new ServiceError('AUDIO_PORT_IN_USE', `${where} is held by ${owner}; end it or change audio.listen.port`, {
      subject: `udp:${port}`,
      cause: error,
      context: { host, port, owner },
    });
  }
  const message = `${where} cannot be opened: ${code}; set audio.listen.host to an address of this machine`;
  return new ServiceError('UNEXPECTED_ERROR', message, {
    subject: `udp:${port}`,
    cause: error,
    context: { host, port },
  });
}

export const closeUdp = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.close(resolve);
  });
