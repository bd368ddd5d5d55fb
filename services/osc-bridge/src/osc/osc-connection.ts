import { ServiceError, toServiceError } from '@understudy/shared/errors';
import type { OpenFailures } from '../open-failures.ts';
import type { SteadyNow } from '../steady-time.ts';
import type { OscMessage } from './osc-message.ts';
import { openReceiver, type Receiver } from './receiver.ts';
import { openSender, type Sender } from './sender.ts';
import { createTargetAddress, type Lookup } from './target-address.ts';

export interface OscSettings {
  readonly host: string;
  readonly sendPort: number;
  readonly listenHost: string;
  readonly receivePort: number;
}

/** Both sockets. What fails is reported once per onset and told by the states; nothing here throws. */
export interface OscConnection {
  /** Opens what is not open and resolves the address again when it is due; one call at a time, a second joins the first. */
  open(): Promise<void>;
  /** Closes both and opens them anew. */
  reopen(): Promise<void>;
  close(): Promise<void>;
  isReceiving(): boolean;
  /** Is there an address to send to, and did the last send succeed? */
  canSend(): boolean;
  /** @returns whether the system took it */
  send(message: OscMessage): Promise<boolean>;
}

export interface OscConnectionParts {
  readonly settings: () => OscSettings;
  readonly now: SteadyNow;
  readonly failures: OpenFailures;
  readonly onDatagram: (datagram: Buffer) => void;
  readonly lookup?: Lookup;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function createOscConnection({
  settings,
  now,
  failures,
  onDatagram,
  lookup,
}: OscConnectionParts): OscConnection {
  const target = createTargetAddress(() => settings().host, lookup);
  let receiver: Receiver | undefined;
  let sender: Sender | undefined;
  let opening: Promise<void> | undefined;
  let closed = false;
  /** Between the old sockets and the new ones nothing is wrong. */
  let isReopening = false;

  const cannotSend = (detail: string, cause: unknown): void => {
    const { host, sendPort } = settings();
    const message = `OSC to ${host}:${sendPort} cannot be sent: ${detail}; check vrchat.host in config/understudy.yaml`;
    failures.begin(
      new ServiceError('OSC_SEND_FAILED', message, { subject: `${host}:${sendPort}`, capability: 'act', cause }),
    );
  };

  const resolveTarget = async (force: boolean): Promise<void> => {
    try {
      await target.refresh(now(), force);
    } catch (error) {
      // An address that was good a moment ago is better than none.
      if (target.current() === undefined) cannotSend(`the name cannot be resolved (${reasonOf(error)})`, error);
    }
  };
  const bind = async (): Promise<void> => {
    const { listenHost: host, receivePort: port } = settings();
    try {
      receiver = await openReceiver({
        host,
        port,
        onDatagram,
        onBroken: () => {
          receiver = undefined;
        },
      });
      failures.end('OSC_PORT_IN_USE');
    } catch (error) {
      failures.begin(toServiceError(error));
    }
  };
  const openMissing = async (): Promise<void> => {
    if (!sender?.isOpen()) sender = openSender();
    await Promise.all([resolveTarget(failures.of('OSC_SEND_FAILED') !== undefined), receiver ? undefined : bind()]);
    if (closed) await closeSockets();
  };
  const closeSockets = async (): Promise<void> => {
    const sockets = [receiver, sender];
    receiver = undefined;
    sender = undefined;
    await Promise.all(sockets.map((socket) => socket?.close()));
  };
  const open = (): Promise<void> => {
    if (closed) return Promise.resolve();
    opening ??= openMissing()
      .catch((error: unknown) => void failures.begin(toServiceError(error)))
      .finally(() => {
        opening = undefined;
      });
    return opening;
  };

  return {
    open,
    async reopen() {
      isReopening = receiver !== undefined;
      try {
        await opening;
        await closeSockets();
        await open();
      } finally {
        isReopening = false;
      }
    },
    async close() {
      closed = true;
      await opening;
      await closeSockets();
    },
    isReceiving: () => receiver !== undefined || isReopening,
    canSend: () => target.current() !== undefined && failures.of('OSC_SEND_FAILED') === undefined,
    async send(message) {
      const address = target.current();
      const socket = sender;
      if (!socket || address === undefined) return false;
      try {
        await socket.send(message, address, settings().sendPort);
        failures.end('OSC_SEND_FAILED');
        return true;
      } catch (error) {
        // A socket that we closed ourselves in the meantime is no failure.
        if (socket === sender) cannotSend(reasonOf(error), error);
        return false;
      }
    },
  };
}
