/** What `parec -v` and `pacat -v` tell on stderr, as far as it matters here. */
export type StreamNote =
  | { readonly type: 'connected'; readonly device: string }
  /** The server moved the stream: to a device that nobody chose. */
  | { readonly type: 'moved'; readonly device: string }
  | { readonly type: 'started' }
  /** How much the stream has played or recorded so far. */
  | { readonly type: 'time'; readonly seconds: number }
  | { readonly type: 'drained' }
  | { readonly type: 'failed'; readonly said: string };

const MAX_REST = 1024;
const CLEAR_LINE = '\u001b[K';

/** By the first words of a line, in the C locale. */
const NOTES: readonly (readonly [RegExp, (found: RegExpExecArray) => StreamNote])[] = [
  [/^Connected to device (.+) \(index: \d+,/, ([, device = '']) => ({ type: 'connected', device })],
  [/^Stream moved to device (.+) \(\d+, (?:not )?suspended\)/, ([, device = '']) => ({ type: 'moved', device })],
  [/^Stream started/, () => ({ type: 'started' })],
  [/^Time: ([\d.]+) sec/, ([, seconds = '']) => ({ type: 'time', seconds: Number(seconds) })],
  [/^Playback stream drained/, () => ({ type: 'drained' })],
  [/^(?:Connection failure|Stream error|.*\b[Ff]ailed\b).*/, ([said]) => ({ type: 'failed', said })],
];

/** Lines end with a line's end or, for the clock, a carriage return; they may be cut anywhere. */
export function createNoteReader(): (chunk: string) => StreamNote[] {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk).split(/[\r\n]/);
    rest = (lines.pop() ?? '').slice(-MAX_REST);
    return lines.flatMap((line) => readNote(line.replaceAll(CLEAR_LINE, '').trim()));
  };
}

function readNote(line: string): StreamNote[] {
  for (const [pattern, note] of NOTES) {
    const found = pattern.exec(line);
    if (found) return [note(found)];
  }
  return [];
}
