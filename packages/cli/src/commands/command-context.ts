import type { UnderstudyClient } from '../client/understudy-client.ts';
import type { Paint } from '../format/colours.ts';

/** What every command gets. */
export interface CommandContext {
  /** The checkout. */
  readonly root: string;
  readonly client: UnderstudyClient;
  readonly paint: Paint;
  /** Puts a text into the commands of the mode in which it is read. */
  readonly phrase: (text: string) => string;
  /** `--json`: programs read the answer as it came. */
  readonly json: boolean;
  /** Prints the answer: the text for a person, the data for a program. */
  readonly answer: (text: string, data: unknown) => void;
  /** Aborted by Ctrl-C; asked for only by a command that ends in this way. */
  readonly untilInterrupted: () => AbortSignal;
}
