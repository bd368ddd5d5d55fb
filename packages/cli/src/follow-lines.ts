import { followEvents } from './client/follow-events.ts';
import type { UnderstudyClient } from './client/understudy-client.ts';
import type { Paint } from './format/colours.ts';
import { createEventTeller } from './format/event-line.ts';

export interface FollowLinesOptions {
  readonly client: Pick<UnderstudyClient, 'eventsUrl' | 'incidents'>;
  readonly paint: Paint;
  /** Told already. */
  readonly mode?: string | undefined;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** The supervisor cannot be heard any more. */
  readonly onLost?: () => void;
}

/**
 * A line per incident and recovery until the signal. The stream tells only what happens from now on, so at each connection what is open
 * is asked for: an incident that opened while nobody listened is told, too. Never rejects.
 */
export function followLines({ client, paint, mode, signal, say, onLost }: FollowLinesOptions): Promise<void> {
  const teller = createEventTeller(paint, mode);
  const tellOpen = async () => {
    // Whoever cannot answer now cuts the stream as well, and is asked again with the next one.
    const incidents = await client.incidents({}).catch(() => []);
    for (const line of teller.open(incidents)) say(line);
  };
  return followEvents({
    url: client.eventsUrl,
    signal,
    onEvent(event) {
      const line = teller.event(event);
      if (line !== undefined) say(line);
    },
    onConnection(isConnected) {
      if (isConnected) void tellOpen();
      else onLost?.();
    },
  });
}
