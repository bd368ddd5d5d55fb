import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { ServiceError } from '@understudy/shared/errors';
import { describePortOwner, describeRefusedPort, findPortOwner } from '@understudy/shared/service';
import { transportCode } from './transport-code.ts';

export type DatagramListener = (datagram: Buffer, from: RemoteInfo) => void;

/** A burst of 16 streams for a quarter of a second fits. The system may grant less. */
const RECEIVE_BUFFER_BYTES = 1 << 20;
const SETTINGS = { setting: 'audio.listen.port', hostSetting: 'audio.listen.host' } as const;

/**
 * @param port 0: any free one
 * @throws ServiceError AUDIO_PORT_IN_USE
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
  const code = transportCode(error);
  const owner = code === 'EADDRINUSE' ? await findPortOwner('udp', port) : undefined;
  return new ServiceError(
    'AUDIO_PORT_IN_USE',
    describeRefusedPort({ protocol: 'udp', host, port, ...SETTINGS }, code, owner),
    {
      subject: `udp:${port}`,
      cause: error,
      context: { host, port, reason: code, ...(owner === undefined ? {} : { owner: describePortOwner(owner) }) },
    },
  );
}

export const closeUdp = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.close(resolve);
  });
