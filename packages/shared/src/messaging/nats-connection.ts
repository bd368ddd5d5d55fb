import { connect, headers, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import type { TraceHeaders } from '../telemetry/index.ts';

export interface BusAddress {
  /** nats://host:port */
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

export interface NatsLink {
  readonly connection: Promise<NatsConnection>;
  isConnected(): boolean;
  onConnection(listener: (connected: boolean) => void): () => void;
  close(): Promise<void>;
}

/**
 * Connects in the background and for ever: any start order must work, and a service lives without NATS.
 * A server that hangs is noticed by two unanswered pings, 4 s.
 */
export function openNats(address: BusAddress): NatsLink {
  let connected = false;
  let closed = false;
  const listeners = new Set<(connected: boolean) => void>();
  const set = (value: boolean) => {
    if (connected === value) return;
    connected = value;
    for (const listener of listeners) listener(value);
  };
  const connection = connect({
    servers: address.url,
    user: address.user,
    pass: address.password,
    name: address.user,
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 100,
    pingInterval: 2000,
    maxPingOut: 2,
    ignoreAuthErrorAbort: true,
  });
  void connection.then(
    async (nc) => {
      if (closed) return nc.close();
      set(true);
      for await (const status of nc.status()) {
        if (status.type === 'reconnect') set(true);
        else if (status.type === 'disconnect' || status.type === 'staleConnection' || status.type === 'close')
          set(false);
      }
      return undefined;
    },
    () => undefined,
  );
  return {
    connection,
    isConnected: () => connected && !closed,
    onConnection(listener) {
      listeners.add(listener);
      listener(connected);
      return () => listeners.delete(listener);
    },
    async close() {
      closed = true;
      if (!connected)
        return void connection.then(
          (nc) => nc.close(),
          () => undefined,
        );
      const nc = await connection;
      await nc.drain().catch(() => nc.close());
      set(false);
    },
  };
}

export const encode = (value: unknown): string => JSON.stringify(value);

export function natsHeaders(trace: TraceHeaders): MsgHdrs {
  const map = headers();
  for (const [key, value] of Object.entries(trace)) if (value !== undefined) map.set(key, value);
  return map;
}

export function traceOf(message: { readonly headers?: MsgHdrs | undefined }): TraceHeaders {
  const traceparent = message.headers?.get('traceparent');
  return traceparent ? { traceparent } : {};
}

/** `undefined` where it is not JSON: the validator then says so. */
export function decode(message: { string(): string }): unknown {
  try {
    return message.string() === '' ? undefined : JSON.parse(message.string());
  } catch {
    return undefined;
  }
}
