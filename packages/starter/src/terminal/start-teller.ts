import type { StartEvent } from '../start-options.ts';
import { createProcessTeller } from './process-teller.ts';

/** The line that a person reads of an event of the start, if there is one. */
export function createStartTeller(): (event: StartEvent) => string | undefined {
  const tellers = new Map<string, ReturnType<typeof createProcessTeller>>();
  return (event) => {
    switch (event.type) {
      case 'note':
        return `understudy: ${event.text}`;
      case 'output':
        return event.line;
      case 'process': {
        const tell = tellers.get(event.name) ?? createProcessTeller(event.name);
        tellers.set(event.name, tell);
        const line = tell(event.state);
        return line === undefined ? undefined : `understudy: ${line}`;
      }
      default:
        return event satisfies never;
    }
  };
}
