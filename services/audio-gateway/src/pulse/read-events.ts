/** Something of the sound server came (`new`), went (`remove`) or changed. */
export interface PulseEvent {
  readonly event: string;
  /** `source`, `sink`, `sink-input`, `client`, ... */
  readonly on: string;
}

/** Longer rubbish without an object in it is dropped. */
const MAX_REST = 4096;

/**
 * Reads what `pactl -f json subscribe` writes: objects one after another, without a line's end between them, cut anywhere.
 * What is no event is skipped.
 */
export function createEventReader(): (chunk: string) => PulseEvent[] {
  let rest = '';
  return (chunk) => {
    rest += chunk;
    const end = rest.lastIndexOf('}') + 1;
    const events = [...rest.slice(0, end).matchAll(/\{[^{}]*\}/g)].flatMap(([text]) => readEvent(text));
    rest = rest.slice(end).slice(-MAX_REST);
    return events;
  };
}

function readEvent(text: string): PulseEvent[] {
  try {
    const { event, on } = JSON.parse(text) as Record<string, unknown>;
    return typeof event === 'string' && typeof on === 'string' ? [{ event, on }] : [];
  } catch {
    return [];
  }
}
