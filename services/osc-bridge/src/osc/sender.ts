import { createSocket, type Socket } from 'node:dgram';
import { encodeMessage } from './encode-message.ts';
import type { OscMessage } from './osc-message.ts';

export interface Sender {
  /** Resolves when the system has taken it; that somebody heard it, UDP never says. @throws on a socket or address that refuses */
  send(message: OscMessage, address: string, port: number): Promise<void>;
  isOpen(): boolean;
  close(): Promise<void>;
}

/** A socket of its own: that the receiving port is taken must not make the bot mute. */
export function openSender(): Sender {
  const socket: Socket = createSocket({ type: 'udp4' });
  let open = true;
  /** Node forgets the callbacks of what it was sending when the socket is closed. */
  const sending = new Set<(closed: Error) => void>();
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      if (!open) return resolve();
      open = false;
      for (const refuse of sending) refuse(new Error('the sending socket was closed'));
      socket.close(() => resolve());
    });
  // Without this listener a socket error would end the process; the broken socket is replaced by the next opening.
  socket.on('error', () => void close());
  return {
    isOpen: () => open,
    close,
    send: (message, address, port) =>
      new Promise((resolve, reject) => {
        if (!open) return reject(new Error('the sending socket is closed'));
        const datagram = encodeMessage(message);
        sending.add(reject);
        socket.send(datagram, port, address, (error) => {
          sending.delete(reject);
          if (error) reject(error);
          else resolve();
        });
      }),
  };
}
