import type { JetStreamClient, JsMsg } from '@nats-io/jetstream';
import { createValidator, type ErrorEvent, ErrorEventSchema, subjectsOf } from '../contracts/index.ts';
import type { MessageMeta } from './bus.ts';
import { decode, type NatsLink, traceOf } from './nats-connection.ts';
import type { KeepRejected } from './rejected-messages.ts';
import { ERROR_CONSUMER, ensureStreams } from './streams.ts';

export type HandleErrorEvent = (event: ErrorEvent, meta: MessageMeta) => Promise<void>;

export interface ErrorConsumer {
  /** The streams exist. Resolves at the first time; they are ensured again after each reconnection. */
  readonly ready: Promise<void>;
  /** Begins to read. Acknowledged when the handler has resolved; delivered again when it rejects, or after a crash. */
  start(handle: HandleErrorEvent): void;
  close(): void;
}

export interface ErrorConsumerOptions {
  readonly bot: string;
  readonly link: Pick<NatsLink, 'isConnected' | 'onConnection'>;
  readonly jetStream: Promise<JetStreamClient>;
  readonly onRejected: KeepRejected;
  readonly onHandlerError: (error: unknown) => void;
}

const RETRY_MS = 500;
/** An event whose handling failed is delivered again so often, after so long. */
const MAX_DELIVERIES = 10;
const REDELIVER_AFTER_MS = 1000;

const check = createValidator(ErrorEventSchema);

/** Reads the errors of all services, for ever: what ends (NATS away, a stream deleted by hand) is begun anew. */
export function createErrorConsumer(options: ErrorConsumerOptions): ErrorConsumer {
  const { bot, link, jetStream, onRejected, onHandlerError } = options;
  const streamsReady = Promise.withResolvers<void>();
  const handler = Promise.withResolvers<HandleErrorEvent>();
  let closed = false;

  /** For ever unreadable, or for ever failing: kept for inspection, and not delivered again. */
  function drop(message: JsMsg, reason: string): void {
    onRejected({ subject: message.subject, reason, text: message.string() });
    message.term();
  }

  async function take(message: JsMsg, handle: HandleErrorEvent): Promise<void> {
    const checked = check(decode(message));
    if (!checked.ok) return drop(message, checked.reason);
    try {
      await handle(checked.value, { trace: traceOf(message) });
      message.ack();
    } catch (error) {
      onHandlerError(error);
      if (message.info.deliveryCount < MAX_DELIVERIES) message.nak(REDELIVER_AFTER_MS);
      else drop(message, 'its handling always fails');
    }
  }

  /** Ends with the connection. */
  async function consumeOnce(): Promise<void> {
    const js = await jetStream;
    await ensureStreams(await js.jetstreamManager(), bot);
    streamsReady.resolve();
    const handle = await handler.promise;
    const consumer = await js.consumers.get(subjectsOf(bot).errorStream, ERROR_CONSUMER.durable_name);
    const messages = await consumer.consume({ max_messages: 256, idle_heartbeat: 2000, expires: 10_000 });
    const stopListening = link.onConnection((connected) => {
      if (!connected) messages.stop();
    });
    try {
      for await (const message of messages) void take(message, handle);
    } finally {
      stopListening();
    }
  }

  async function consumeForEver(): Promise<void> {
    while (!closed) {
      await consumeOnce().catch((error: unknown) => {
        if (!closed && link.isConnected()) onHandlerError(error);
      });
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
    }
  }
  void consumeForEver();

  return {
    ready: streamsReady.promise,
    start: handler.resolve,
    close() {
      closed = true;
    },
  };
}
