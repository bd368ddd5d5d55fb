import type {
  ErrorEvent,
  Heartbeat,
  PipelineTopic,
  RecoveryCommand,
  RecoveryResult,
  ServiceName,
} from '../contracts/index.ts';
import type { TraceHeaders } from '../telemetry/index.ts';
import type { TopicMessage } from './topics.ts';

export interface MessageMeta {
  /** The author's trace context; empty when it had none. */
  readonly trace: TraceHeaders;
}

/** What one service may do on the bus. Everything else its NATS account forbids. */
export interface Bus {
  readonly service: ServiceName;
  isConnected(): boolean;
  /** Told at once with the present state, then at each change. @returns stops listening */
  onConnection(listener: (connected: boolean) => void): () => void;
  /** Core NATS, at most once; silently nothing while disconnected (what must not be lost goes through `reportError`). */
  publish<T extends PipelineTopic>(topic: T, message: TopicMessage<T>): void;
  /** A message that does not match its schema is counted, kept for inspection and dropped before the handler. @returns unsubscribes */
  subscribe<T extends PipelineTopic>(
    topic: T,
    handler: (message: TopicMessage<T>, meta: MessageMeta) => void | Promise<void>,
  ): () => void;
  publishHeartbeat(heartbeat: Heartbeat): void;
  /** Onto disk before the next turn of the event loop (ADR 1), then to JetStream until acknowledged; survives NATS and the process. */
  enqueueError(event: ErrorEvent): void;
  outboxPending(): number;
  /** Answers the commands of this service. Deadline, repetition (first result again) and shape are seen to before `handle`. */
  answerCommands(handle: (command: RecoveryCommand, meta: MessageMeta) => Promise<RecoveryResult>): void;
  /** Direct get; `undefined` where there is no such key. Rejects when NATS is away or has no bucket yet: then nobody knows. */
  readKey(key: string): Promise<unknown>;
  /** One of the service's own keys; while disconnected the last value is kept and written at reconnection. */
  writeKey(key: string, value: unknown): void;
  /** Sends what is under way, then closes. */
  close(): Promise<void>;
}
