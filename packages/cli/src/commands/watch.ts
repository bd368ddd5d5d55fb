import { followEvents } from '../client/follow-events.ts';
import { followLines } from '../follow-lines.ts';
import type { CommandContext } from './command-context.ts';

const sayLost = () => console.error('understudy: the supervisor does not answer; waiting for it');

/** What is open, then a line per incident and recovery until Ctrl-C; with `--json` every event as one JSON line. */
export async function watch({ client, json, paint, phrase, answer, untilInterrupted }: CommandContext): Promise<void> {
  // Says at once, and by the exit code, when nobody is there; an absence later is waited out.
  await client.status();
  const signal = untilInterrupted();
  if (json)
    await followEvents({
      url: client.eventsUrl,
      signal,
      onEvent: (event) => answer('', event),
      onConnection: (isConnected) => isConnected || sayLost(),
    });
  else await followLines({ client, paint, signal, say: (line) => answer(phrase(line), undefined), onLost: sayLost });
}
