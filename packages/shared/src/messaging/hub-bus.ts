import { type JetStreamClient, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import { type NatsConnection, NoRespondersError, RequestError } from '@nats-io/transport-node';
import {
  createValidator,
  type ErrorEvent,
  ErrorEventSchema,
  type Heartbeat,
  HeartbeatSchema,
  type IncidentRecord,
  IncidentRecordSchema,
  type ModeChange,
  PIPELINE_TOPICS,
  type PipelineTopic,
  type RecoveryCommand,
  type RecoveryResult,
  RecoveryResultSchema,
  type ServiceName,
  SUPERVISED_SERVICES,
  type SupervisedService,
  subjectsOf,
} from '../contracts/index.ts';
import { sendingHeaders } from '../telemetry/index.ts';
import type { MessageMeta } from './bus.ts';
import { type BusAddress, decode, encode, natsHeaders, openNats, traceOf } from './nats-connection.ts';
import { createOutbox } from './outbox.ts';
import { tooLarge } from './payload-limit.ts';
import type { KeepRejected } from './rejected-messages.ts';
import { readServerState, type ServerState } from './server-state.ts';
import { ensureStreams } from './streams.ts';
import { TOPIC_SCHEMAS, type TopicMessage } from './topics.ts';

export interface HubOptions {
  readonly bot: string;
  readonly address: BusAddress;
  /** Steps of a time without NATS. */
  readonly spoolFile: string;
  readonly onRejected: KeepRejected;
  readonly onHandlerError: (error: unknown) => void;
}

export type CommandAnswer = RecoveryResult | { outcome: 'unreachable'; detail: string };

/** The supervisor's side of the bus: it owns the streams and the bucket. */
export interface Hub {
  isConnected(): boolean;
  /** Asks NATS itself: a connection whose other end is frozen or cut off counts as connected for seconds. */
  answers(limitMs: number): Promise<boolean>;
  onConnection(listener: (connected: boolean) => void): () => void;
  /** Streams exist and the error consumer runs, again after each reconnection. Resolves at the first time. */
  ready: Promise<void>;
  /** Begins to read the errors. Acknowledged when the handler has resolved; delivered again when it rejects, or after a crash. */
  consumeErrors(handle: (event: ErrorEvent, meta: MessageMeta) => Promise<void>): void;
  onHeartbeat(handle: (heartbeat: Heartbeat) => void): void;
  subscribe<T extends PipelineTopic>(topic: T, handle: (message: TopicMessage<T>, from: ServiceName) => void): void;
  publishMode(mode: ModeChange): void;
  request(service: SupervisedService, command: RecoveryCommand): Promise<CommandAnswer>;
  /** Awaits the stream's acknowledgement; while NATS is away the record waits on disk and this resolves at once. */
  append(record: IncidentRecord): Promise<void>;
  /** Every record of the stream, oldest first, then those that still wait on disk. */
  readRecords(): Promise<IncidentRecord[]>;
  readKey(key: string): Promise<unknown>;
  writeKey(key: string, value: unknown): Promise<void>;
  deleteKey(key: string): Promise<void>;
  spoolPending(): number;
  /** Rejects while NATS is away. */
  serverState(): Promise<ServerState>;
  close(): Promise<void>;
}

const ACK_TIMEOUT_MS = 2000;
const SPOOL_RECORDS = 20_000;
const RETRY_MS = 500;
/** An event whose handling failed is delivered again so often, after so long. */
const MAX_DELIVERIES = 10;
const RETRY_AFTER_MS = 1000;

const validateEvent = createValidator(ErrorEventSchema);
const validateHeartbeat = createValidator(HeartbeatSchema);
const validateRecord = createValidator(IncidentRecordSchema);
const validateResult = createValidator(RecoveryResultSchema);

const unreachable = (detail: string): CommandAnswer => ({ outcome: 'unreachable', detail });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms).unref());

interface Opened {
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
  readonly kv: KV;
}

export function createHub(options: HubOptions): Hub {
  const subjects = subjectsOf(options.bot);
  const link = openNats(options.address);
  let closed = false;

  const opened: Promise<Opened> = link.connection.then(async (nc) => {
    const js = jetstream(nc, { timeout: ACK_TIMEOUT_MS });
    return { nc, js, kv: await new Kvm(js).open(subjects.bucket, { bindOnly: true, allow_direct: true }) };
  });
  opened.catch(() => undefined);

  const spool = createOutbox<IncidentRecord>({
    file: options.spoolFile,
    maxEntries: SPOOL_RECORDS,
    async send({ id, value }) {
      if (!link.isConnected()) throw new Error('NATS is away');
      const { js } = await opened;
      const subject = subjects.incident(value.incidentId);
      const text = encode(value);
      const reason = tooLarge(text);
      if (reason) return options.onRejected({ subject, reason, text });
      await js.publish(subject, text, { msgID: id });
    },
  });
  const retry = setInterval(() => {
    if (link.isConnected() && spool.pending() > 0) void spool.flush().catch(() => undefined);
  }, RETRY_MS);
  retry.unref();

  const listen = (subject: string, handle: (data: unknown) => string | undefined) => {
    void opened
      .then(({ nc }) =>
        nc.subscribe(subject, {
          callback: (error, message) => {
            if (error) return options.onHandlerError(error);
            try {
              const reason = handle(decode(message));
              if (reason) options.onRejected({ subject: message.subject, reason, text: message.string() });
            } catch (thrown) {
              options.onHandlerError(thrown);
            }
          },
        }),
      )
      .catch(() => undefined);
  };

  let announceReady: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    announceReady = resolve;
  });
  type HandleError = (event: ErrorEvent, meta: MessageMeta) => Promise<void>;
  let giveHandler: (handle: HandleError) => void = () => {};
  const handler = new Promise<HandleError>((resolve) => {
    giveHandler = resolve;
  });
  const consume = async () => {
    const { nc, js } = await opened;
    while (!closed) {
      try {
        await ensureStreams(await jetstreamManager(nc, { timeout: ACK_TIMEOUT_MS }), options.bot);
        announceReady();
        const handleError = await handler;
        const consumer = await js.consumers.get(subjects.errorStream, 'supervisor');
        const messages = await consumer.consume({ max_messages: 256, idle_heartbeat: 2000, expires: 10_000 });
        const stop = link.onConnection((connected) => {
          if (!connected) messages.stop();
        });
        for await (const message of messages) {
          const checked = validateEvent(decode(message));
          if (!checked.ok) {
            options.onRejected({ subject: message.subject, reason: checked.reason, text: message.string() });
            message.term();
            continue;
          }
          handleError(checked.value, { trace: traceOf(message) }).then(
            () => message.ack(),
            (error: unknown) => {
              options.onHandlerError(error);
              if (message.info.deliveryCount < MAX_DELIVERIES) return message.nak(RETRY_AFTER_MS);
              // One event that can never be handled must not come for ever; it is kept for inspection.
              options.onRejected({
                subject: message.subject,
                reason: 'its handling always fails',
                text: message.string(),
              });
              message.term();
              return undefined;
            },
          );
        }
        stop();
      } catch (error) {
        if (!closed && link.isConnected()) options.onHandlerError(error);
      }
      await pause(RETRY_MS);
    }
  };

  consume().catch(() => undefined);

  return {
    isConnected: link.isConnected,
    async answers(limitMs) {
      if (!link.isConnected()) return false;
      const { nc } = await opened;
      const flushed = nc.flush().then(
        () => true,
        () => false,
      );
      return Promise.race([flushed, pause(limitMs).then(() => false)]);
    },
    onConnection: link.onConnection,
    ready,
    consumeErrors: giveHandler,
    onHeartbeat(handle) {
      for (const service of SUPERVISED_SERVICES) {
        listen(subjects.heartbeat(service), (data) => {
          const checked = validateHeartbeat(data);
          if (!checked.ok) return checked.reason;
          if (checked.value.service !== service) return `speaks for ${checked.value.service}`;
          handle(checked.value);
          return undefined;
        });
      }
    },
    subscribe(topic, handle) {
      const validate = createValidator(TOPIC_SCHEMAS[topic]);
      for (const from of PIPELINE_TOPICS[topic].from) {
        const subject = subjects[topic];
        listen(typeof subject === 'string' ? subject : subject(from), (data) => {
          const checked = validate(data);
          if (!checked.ok) return checked.reason;
          handle(checked.value as Parameters<typeof handle>[0], from);
          return undefined;
        });
      }
    },
    publishMode(mode) {
      if (link.isConnected()) void opened.then(({ nc }) => nc.publish(subjects.mode, encode(mode)));
    },
    async request(service, command) {
      if (!link.isConnected()) return unreachable('NATS is away');
      const { nc } = await opened;
      try {
        const answer = await nc.request(
          subjects.command(service, command.verb),
          encode({ ...command, sentAt: new Date().toISOString() }),
          {
            timeout: Math.max(1, command.deadlineMs),
            headers: natsHeaders(sendingHeaders(`request ${command.verb}`)),
          },
        );
        const checked = validateResult(decode(answer));
        return checked.ok
          ? checked.value
          : unreachable(`${service} answered something that is no result: ${checked.reason}`);
      } catch (error) {
        const nobody = error instanceof NoRespondersError || (error instanceof RequestError && error.isNoResponders());
        return unreachable(
          nobody ? `${service} is not on the bus` : `${service} did not answer within ${command.deadlineMs} ms`,
        );
      }
    },
    async append(record) {
      if (!link.isConnected() || spool.pending() > 0) return spool.add(record.id, record);
      try {
        const { js } = await opened;
        await js.publish(subjects.incident(record.incidentId), encode(record), { msgID: record.id });
      } catch {
        spool.add(record.id, record);
      }
    },
    async readRecords() {
      const { js } = await opened;
      await ready;
      const consumer = await js.consumers.get(subjects.incidentStream);
      const records: IncidentRecord[] = [];
      const take = (data: unknown, subject: string, text: string) => {
        const checked = validateRecord(data);
        if (checked.ok) records.push(checked.value);
        else options.onRejected({ subject, reason: checked.reason, text });
      };
      let left = (await consumer.info()).num_pending;
      while (left > 0) {
        const batch = await consumer.fetch({ max_messages: Math.min(left, 1000), expires: 5000 });
        let taken = 0;
        for await (const message of batch) {
          take(decode(message), message.subject, message.string());
          taken += 1;
        }
        // What expired meanwhile does not come any more.
        if (taken === 0) break;
        left -= taken;
      }
      for (const { value } of spool.entries()) take(value, subjects.incident(value.incidentId), encode(value));
      return records;
    },
    async readKey(key) {
      const entry = await (await opened).kv.get(key);
      return entry?.operation === 'PUT' ? entry.json() : undefined;
    },
    async writeKey(key, value) {
      await ready;
      await (await opened).kv.put(key, encode(value));
    },
    async deleteKey(key) {
      await ready;
      await (await opened).kv.delete(key);
    },
    spoolPending: spool.pending,
    async serverState() {
      if (!link.isConnected()) throw new Error('NATS is away');
      const { nc } = await opened;
      const jsm = await jetstreamManager(nc, { timeout: ACK_TIMEOUT_MS, checkAPI: false });
      return readServerState(nc, jsm, options.bot);
    },
    async close() {
      closed = true;
      clearInterval(retry);
      await Promise.race([spool.flush().catch(() => undefined), pause(ACK_TIMEOUT_MS)]);
      await link.close();
      spool.close();
    },
  };
}
