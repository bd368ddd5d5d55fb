import { followEvents } from '../client/follow-events.ts';
import { createEventTeller } from '../format/event-line.ts';
import type { CommandContext } from './command-context.ts';

/** A line per incident and recovery until Ctrl-C; with `--json` every event as one JSON line. */
export async function watch({ client, json, paint, answer, untilInterrupted }: CommandContext): Promise<void> {
  // Says at once, and by the exit code, when nobody is there; an absence later is waited out.
  await client.status();
  const tell = createEventTeller(paint);
  await followEvents({
    url: client.eventsUrl,
    signal: untilInterrupted(),
    onEvent(event) {
      const line = tell(event);
      if (json || line !== undefined) answer(line ?? '', event);
    },
    onConnection(connected) {
      if (!connected) console.error('understudy: the supervisor does not answer; waiting for it');
    },
  });
}
