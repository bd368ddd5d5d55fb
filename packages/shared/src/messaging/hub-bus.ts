import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { NoRespondersError, RequestError } from '@nats-io/transport-node';
import {
  createValidator,
  type Heartbeat,
  HeartbeatSchema,
  type IncidentRecord,
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
import { createErrorConsumer, type HandleErrorEvent } from './error-consumer.ts';
import { createIncidentLog } from './incident-log.ts';
import { type BusAddress, decode, encode, natsHeaders, openNats } from './nats-connection.ts';
import { type Receiver, receive } from './receive.ts';
import type { KeepRejected } from './rejected-messages.ts';
import { readServerState, type ServerState } from './server-state.ts';
import { subjectOf, TOPIC_SCHEMAS, type TopicMessage } from './topics.ts';

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
  consumeErrors(handle: HandleErrorEvent): void;
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

const checkHeartbeat = createValidator(HeartbeatSchema);
const checkResult = createValidator(RecoveryResultSchema);

const unreachable = (detail: string): CommandAnswer => ({ outcome: 'unreachable', detail });

export function createHub(options: HubOptions): Hub {
  const { bot, onRejected, onHandlerError } = options;
  const subjects = subjectsOf(bot);
  const link = openNats(options.address);
  const jetStream = link.connection.then((nc) => jetstream(nc, { timeout: ACK_TIMEOUT_MS }));
  const bucket = jetStream.then((js) => new Kvm(js).open(subjects.bucket, { bindOnly: true, allow_direct: true }));
  // Whoever awaits one of them is told; nobody does while the process ends before it was ever connected.
  for (const promise of [jetStream, bucket]) promise.catch(() => undefined);

  const errors = createErrorConsumer({ bot, link, jetStream, onRejected, onHandlerError });
  const incidents = createIncidentLog({ bot, link, jetStream, spoolFile: options.spoolFile, onRejected });

  function listen<T>(subject: string, receiver: Pick<Receiver<T>, 'check' | 'handle'>): void {
    const attach = link.connection.then((nc) => receive(nc, subject, { ...receiver, onRejected, onHandlerError }));
    attach.catch(() => undefined);
  }

  return {
    isConnected: link.isConnected,
    async answers(limitMs) {
      if (!link.isConnected()) return false;
      const nc = await link.connection;
      const answered = nc.flush().then(
        () => true,
        () => false,
      );
      const late = new Promise<false>((resolve) => setTimeout(resolve, limitMs, false).unref());
      return Promise.race([answered, late]);
    },
    onConnection: link.onConnection,
    ready: errors.ready,
    consumeErrors: errors.start,
    onHeartbeat(handle) {
      for (const service of SUPERVISED_SERVICES) {
        const check: Receiver<Heartbeat>['check'] = (data) => {
          const checked = checkHeartbeat(data);
          if (!checked.ok || checked.value.service === service) return checked;
          return { ok: false, reason: `speaks for ${checked.value.service}` };
        };
        listen(subjects.heartbeat(service), { check, handle });
      }
    },
    subscribe(topic, handle) {
      const check = createValidator(TOPIC_SCHEMAS[topic]);
      for (const from of PIPELINE_TOPICS[topic].from) {
        listen(subjectOf(subjects, topic, from), {
          check,
          handle: (message) => handle(message as Parameters<typeof handle>[0], from),
        });
      }
    },
    publishMode(mode) {
      if (link.isConnected()) void link.connection.then((nc) => nc.publish(subjects.mode, encode(mode)));
    },
    async request(service, command) {
      if (!link.isConnected()) return unreachable('NATS is away');
      const nc = await link.connection;
      try {
        const answer = await nc.request(
          subjects.command(service, command.verb),
          encode({ ...command, sentAt: new Date().toISOString() }),
          {
            timeout: Math.max(1, command.deadlineMs),
            headers: natsHeaders(sendingHeaders(`request ${command.verb}`)),
          },
        );
        const checked = checkResult(decode(answer));
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
    append: incidents.append,
    async readRecords() {
      await errors.ready;
      return incidents.readAll();
    },
    async readKey(key) {
      const entry = await (await bucket).get(key);
      return entry?.operation === 'PUT' ? entry.json() : undefined;
    },
    async writeKey(key, value) {
      await errors.ready;
      await (await bucket).put(key, encode(value));
    },
    async deleteKey(key) {
      await errors.ready;
      await (await bucket).delete(key);
    },
    spoolPending: incidents.pending,
    async serverState() {
      if (!link.isConnected()) throw new Error('NATS is away');
      const nc = await link.connection;
      const manager = await jetstreamManager(nc, { timeout: ACK_TIMEOUT_MS, checkAPI: false });
      return readServerState(nc, manager, bot);
    },
    async close() {
      errors.close();
      await incidents.close(ACK_TIMEOUT_MS);
      await link.close();
    },
  };
}
