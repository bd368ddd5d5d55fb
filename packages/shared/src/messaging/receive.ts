import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Validated } from '../contracts/index.ts';
import { decode } from './nats-connection.ts';
import type { KeepRejected } from './rejected-messages.ts';

export interface Receiver<T> {
  readonly check: (data: unknown) => Validated<T>;
  readonly handle: (value: T, message: Msg) => void | Promise<void>;
  /** What did not pass the check; it never reaches `handle`. */
  readonly onRejected: KeepRejected;
  /** What `handle` threw, or the subscription itself: a defect, not the sender's fault. */
  readonly onHandlerError: (error: unknown) => void;
}

/** Hands on each message of a subject that passes the check. Nothing that comes, and nothing that a handler does, ends the subscription. */
export function receive<T>(nc: NatsConnection, subject: string, receiver: Receiver<T>): Subscription {
  const { check, handle, onRejected, onHandlerError } = receiver;
  return nc.subscribe(subject, {
    callback(error, message) {
      if (error) return onHandlerError(error);
      const checked = check(decode(message));
      if (!checked.ok) return onRejected({ subject: message.subject, reason: checked.reason, text: message.string() });
      try {
        Promise.resolve(handle(checked.value, message)).catch(onHandlerError);
      } catch (thrown) {
        onHandlerError(thrown);
      }
    },
  });
}
