import type { ProcessState } from '../supervise/process-state.ts';

/** Ends in a row that are told each; then only that it goes on so. */
const TOLD_EACH = 3;

/** Tells what happens to one process, a line for what is worth one: the expected way up is in the table, an endless loop no news. */
export function createProcessTeller(name: string): (state: ProcessState) => string | undefined {
  let hasServed = false;
  let endsInARow = 0;
  return (state) => {
    switch (state.state) {
      case 'waiting': {
        endsInARow += 1;
        if (endsInARow > TOLD_EACH + 1) return undefined;
        const when = state.delayMs === 0 ? 'now' : `in ${seconds(state.delayMs)}`;
        const told = `${name} ended (${state.why})`;
        return endsInARow <= TOLD_EACH
          ? `${told}; it is started again ${when}`
          : `${told}; it keeps ending and is tried again more and more rarely, which is not told any more`;
      }
      case 'ready': {
        const isReturn = hasServed || endsInARow > 0;
        hasServed = true;
        endsInARow = 0;
        return isReturn ? `${name} is running again` : undefined;
      }
      case 'refused':
        return `${name} does not start, and is not tried again:\n${state.why}\nCorrect it, then stop and start Understudy.`;
      case 'starting':
      case 'stopped':
        return undefined;
      default:
        return state satisfies never;
    }
  };
}

const seconds = (ms: number): string => `${Number((ms / 1000).toFixed(1))} s`;
