import type {
  ErrorEvent,
  Heartbeat,
  PipelineTopic,
  RecoveryCommand,
  RecoveryResult,
  ServiceName,
} from '../contracts/index.ts';
import type { Bus, MessageMeta } from '../messaging/bus.ts';
import type { TopicMessage } from '../messaging/topics.ts';

export interface FakeBus extends Bus {
  /** Everything published, oldest first. */
  readonly published: { topic: PipelineTopic; message: unknown }[];
  readonly errors: ErrorEvent[];
  readonly heartbeats: Heartbeat[];
  readonly keys: Map<string, unknown>;
  /** Plays a message of another service. */
  deliver<T extends PipelineTopic>(topic: T, message: TopicMessage<T>): Promise<void>;
  /** Plays a command of the supervisor. */
  command(command: RecoveryCommand): Promise<RecoveryResult>;
  setConnected(connected: boolean): void;
}

type AnyHandler = (message: never, meta: MessageMeta) => void | Promise<void>;

/** A bus without a server, for pure logic. Whatever crosses a real bus is tested on a real NATS. */
export function createFakeBus(service: ServiceName): FakeBus {
  let connected = true;
  const handlers = new Map<PipelineTopic, Set<AnyHandler>>();
  const listeners = new Set<(connected: boolean) => void>();
  let answer: ((command: RecoveryCommand, meta: MessageMeta) => Promise<RecoveryResult>) | undefined;
  const bus: FakeBus = {
    service,
    published: [],
    errors: [],
    heartbeats: [],
    keys: new Map(),
    isConnected: () => connected,
    onConnection(listener) {
      listeners.add(listener);
      listener(connected);
      return () => listeners.delete(listener);
    },
    publish(topic, message) {
      if (connected) bus.published.push({ topic, message });
    },
    subscribe(topic, handler) {
      const all = handlers.get(topic) ?? new Set<AnyHandler>();
      handlers.set(topic, all.add(handler as AnyHandler));
      return () => all.delete(handler as AnyHandler);
    },
    publishHeartbeat: (heartbeat) => void bus.heartbeats.push(heartbeat),
    enqueueError: (event) => void bus.errors.push(event),
    outboxPending: () => 0,
    answerCommands(handle) {
      answer = handle;
    },
    readKey: async (key) => bus.keys.get(key),
    writeKey: (key, value) => void bus.keys.set(key, value),
    close: async () => {},
    async deliver(topic, message) {
      for (const handler of handlers.get(topic) ?? []) await handler(message as never, { trace: {} });
    },
    async command(command) {
      if (!answer) throw new Error('nobody answers commands on this fake bus; call answerCommands first');
      return answer(command, { trace: {} });
    },
    setConnected(value) {
      connected = value;
      for (const listener of listeners) listener(value);
    },
  };
  return bus;
}
