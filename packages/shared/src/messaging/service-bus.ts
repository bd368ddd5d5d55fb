import { jetstream } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import {
  createValidator,
  type ErrorEvent,
  type Observed,
  PIPELINE_TOPICS,
  type SupervisedService,
  subjectsOf,
} from '../contracts/index.ts';
import { ServiceError } from '../errors/index.ts';
import { sendingHeaders } from '../telemetry/index.ts';
import { answerWithin } from './answer-within.ts';
import type { Bus } from './bus.ts';
import { createClockOffset } from './clock-offset.ts';
import { createCommandResponder } from './command-responder.ts';
import { type BusAddress, decode, encode, natsHeaders, openNats, traceOf } from './nats-connection.ts';
import { createOutbox } from './outbox.ts';
import { tooLarge } from './payload-limit.ts';
import { receive } from './receive.ts';
import type { KeepRejected } from './rejected-messages.ts';
import { subjectOf, TOPIC_SCHEMAS } from './topics.ts';

export interface ServiceBusOptions {
  readonly bot: string;
  readonly service: SupervisedService;
  readonly address: BusAddress;
  readonly outboxFile: string;
  readonly observed: () => Observed;
  readonly onRejected: KeepRejected;
  readonly onOutboxDropped: (event: ErrorEvent) => void;
  /** A handler of this process threw: a defect, not the sender's fault. */
  readonly onHandlerError: (error: unknown) => void;
}

const ACK_TIMEOUT_MS = 2000;
const KEY_TIMEOUT_MS = 1000;
const OUTBOX_ENTRIES = 2000;

const diskError = (file: string, cause: unknown) =>
  new ServiceError('LOG_DISK_FULL', `${file} cannot be written; errors wait in memory`, { cause });

/** Attaches to a connection now and to none later: the client itself resubscribes after a reconnection. */
export function createServiceBus(options: ServiceBusOptions): Bus {
  const { bot, service } = options;
  const subjects = subjectsOf(bot);
  const link = openNats(options.address);
  let nc: NatsConnection | undefined;
  const whenConnected = link.connection.then((connection) => {
    nc = connection;
    return connection;
  });
  whenConnected.catch(() => undefined);
  const js = whenConnected.then((connection) => jetstream(connection, { timeout: ACK_TIMEOUT_MS }));
  js.catch(() => undefined);
  const kv = js.then((client) => new Kvm(client).open(subjects.bucket, { bindOnly: true, allow_direct: true }));
  kv.catch(() => undefined);

  const outbox = createOutbox<{ event: ErrorEvent; traceparent?: string }>({
    file: options.outboxFile,
    maxEntries: OUTBOX_ENTRIES,
    onDropped: ({ value }) => options.onOutboxDropped(value.event),
    onWriteError: (error) => options.onHandlerError(diskError(options.outboxFile, error)),
    async send({ id, value }) {
      if (!link.isConnected()) throw new Error('NATS is away');
      const trace = value.traceparent ? { traceparent: value.traceparent } : {};
      const subject = subjects.error(service);
      const text = encode(value.event);
      const reason = tooLarge(text);
      if (reason) return options.onRejected({ subject, reason, text });
      await (await js).publish(subject, text, {
        msgID: id,
        headers: natsHeaders(trace),
      });
    },
  });
  const clockOffset = createClockOffset();
  const unwrittenKeys = new Map<string, unknown>();
  const writeKeys = async () => {
    for (const [key, value] of [...unwrittenKeys]) {
      if (!link.isConnected()) return;
      await (await kv).put(key, encode(value));
      if (unwrittenKeys.get(key) === value) unwrittenKeys.delete(key);
    }
  };
  let writing: Promise<void> = Promise.resolve();
  const scheduleKeys = () => {
    writing = writing.then(writeKeys).catch(() => undefined);
  };
  /** The hub may be up seconds after NATS is (it owns the streams): what was refused then is tried again. */
  const retry = setInterval(() => {
    if (!link.isConnected()) return;
    if (outbox.pending() > 0) void outbox.flush().catch(() => undefined);
    if (unwrittenKeys.size > 0) scheduleKeys();
  }, 1000);
  retry.unref();
  link.onConnection((connected) => {
    if (!connected) return;
    void outbox.flush().catch(() => undefined);
    scheduleKeys();
  });

  return {
    service,
    isConnected: link.isConnected,
    onConnection: link.onConnection,
    publish(topic, message) {
      if (link.isConnected())
        nc?.publish(subjectOf(subjects, topic, service), encode(message), {
          headers: natsHeaders(sendingHeaders(`publish ${topic}`)),
        });
    },
    subscribe(topic, handler) {
      const check = createValidator(TOPIC_SCHEMAS[topic]);
      let active: Subscription[] = [];
      let stopped = false;
      void whenConnected.then(
        (connection) => {
          if (stopped) return;
          active = PIPELINE_TOPICS[topic].from.map((from) =>
            receive(connection, subjectOf(subjects, topic, from), {
              check,
              handle(message, { headers }) {
                if ('at' in message) clockOffset.note(Date.parse(message.at), Date.now());
                return handler(message as Parameters<typeof handler>[0], { trace: traceOf({ headers }) });
              },
              onRejected: options.onRejected,
              onHandlerError: options.onHandlerError,
            }),
          );
        },
        () => undefined,
      );
      return () => {
        stopped = true;
        for (const subscription of active) subscription.unsubscribe();
      };
    },
    publishHeartbeat(heartbeat) {
      if (link.isConnected()) nc?.publish(subjects.heartbeat(service), encode(heartbeat));
    },
    enqueueError(event) {
      outbox.add(event.id, { event, ...sendingHeaders('publish error') });
    },
    outboxPending: outbox.pending,
    answerCommands(handle) {
      const subject = subjects.commands(service);
      const respond = createCommandResponder({
        handle,
        observed: options.observed,
        onRejected: (reason) => options.onRejected({ subject, reason, text: '' }),
      });
      void whenConnected.then(
        (connection) => {
          connection.subscribe(subject, {
            callback: (error, message) => {
              if (error) return options.onHandlerError(error);
              const command = decode(message) as { sentAt?: unknown } | undefined;
              const ageMs =
                typeof command?.sentAt === 'string' ? clockOffset.ageOf(Date.parse(command.sentAt), Date.now()) : 0;
              void respond(command, { trace: traceOf(message) }, ageMs).then((result) =>
                message.respond(encode(result)),
              );
            },
          });
        },
        () => undefined,
      );
    },
    async readKey(key) {
      if (!link.isConnected()) throw new Error(`${key} cannot be read: NATS is away`);
      const answer = kv.then((bucket) => bucket.get(key));
      const entry = await answerWithin(answer, KEY_TIMEOUT_MS, `the bucket with ${key}`);
      return entry?.operation === 'PUT' ? entry.json() : undefined;
    },
    writeKey(key, value) {
      unwrittenKeys.set(key, value);
      scheduleKeys();
    },
    async close() {
      clearInterval(retry);
      await Promise.race([
        Promise.allSettled([outbox.flush(), writing]),
        new Promise((resolve) => setTimeout(resolve, ACK_TIMEOUT_MS).unref()),
      ]);
      await link.close();
      outbox.close();
    },
  };
}
