import { setTimeout as delay } from 'node:timers/promises';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { type BotEvent, readBotEvent } from './bot-events.ts';

export interface FollowOptions {
  /** http://host:port/v1/events */
  readonly url: string;
  readonly signal: AbortSignal;
  readonly onEvent: (event: BotEvent) => void;
  /** Told once when the stream is lost (or never began), and once when it is there (again). */
  readonly onConnection?: (connected: boolean) => void;
}

const AGAIN_AFTER_MS = 1000;
/** An event holds one incident with its attempts. */
const LARGEST_EVENT = 4 * 1024 * 1024;

/** Follows the supervisor's events until the signal; connects again for as long as it is away. Never rejects. */
export async function followEvents({ url, signal, onEvent, onConnection }: FollowOptions): Promise<void> {
  let connected: boolean | undefined;
  const tell = (now: boolean) => {
    if (connected !== now) onConnection?.(now);
    connected = now;
  };
  while (!signal.aborted) {
    try {
      await followOnce(url, signal, onEvent, () => tell(true));
    } catch {
      // Refused, cut or garbled: all mean that nobody tells us anything now.
    }
    if (signal.aborted) return;
    tell(false);
    await delay(AGAIN_AFTER_MS, undefined, { signal }).catch(() => {});
  }
}

async function followOnce(
  url: string,
  signal: AbortSignal,
  onEvent: (event: BotEvent) => void,
  onOpen: () => void,
): Promise<void> {
  const response = await fetch(url, { headers: { accept: 'text/event-stream' }, signal });
  if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`);
  onOpen();
  const messages = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream({ maxBufferSize: LARGEST_EVENT }));
  for await (const { event, data } of messages) {
    const known = readBotEvent(event, data);
    if (known) onEvent(known);
  }
}
