import type { ProcessEnd } from './launch-process.ts';

/** How a process ended, for the terminal: `killed by SIGKILL`, `exit code 1: Error: ...`. */
export function describeEnd({ code, signal, lastLines, startError }: ProcessEnd): string {
  if (startError) return `could not be started: ${startError.message}`;
  if (signal) return `killed by ${signal}`;
  const reason = lastLines.findLast((line) => /error|fatal|cannot|must|unknown/i.test(line)) ?? lastLines.at(-1);
  return reason === undefined ? `exit code ${code}` : `exit code ${code}: ${reason.trim()}`;
}
