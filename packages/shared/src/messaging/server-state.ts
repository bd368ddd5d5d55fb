import type { JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import Type from 'typebox';
import { createValidator } from '../contracts/index.ts';
import { decode } from './nats-connection.ts';
import { SERVER_STATE } from './render-nats-config.ts';
import { streamConfigs } from './streams.ts';

export interface ServerState {
  readonly memoryBytes: number;
  readonly slowConsumers: number;
  /** Those that exist already. */
  readonly streams: readonly { readonly name: string; readonly messages: number; readonly bytes: number }[];
}

const LIMIT_MS = 2000;

const validateState = createValidator(
  Type.Object({ data: Type.Object({ mem: Type.Number(), slow_consumers: Type.Number() }) }),
);

/** Asks the server for itself and for the bot's streams. @throws Error when it does not answer, or answers something else */
export async function readServerState(nc: NatsConnection, jsm: JetStreamManager, bot: string): Promise<ServerState> {
  const answer = await nc.request(SERVER_STATE, '', { timeout: LIMIT_MS });
  const checked = validateState(decode(answer));
  if (!checked.ok) throw new Error(`NATS answered ${SERVER_STATE} with no state: ${checked.reason}`);
  const { mem, slow_consumers } = checked.value.data;
  const infos = streamConfigs(bot).map(({ name = '' }) => jsm.streams.info(name).catch(() => undefined));
  const streams = (await Promise.all(infos)).flatMap((info) =>
    info ? [{ name: info.config.name, messages: info.state.messages, bytes: info.state.bytes }] : [],
  );
  return { memoryBytes: mem, slowConsumers: slow_consumers, streams };
}
