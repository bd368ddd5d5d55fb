import { join } from 'node:path';
import { createRotatingFile, type Logger } from '@understudy/shared/telemetry';
import type { Channel } from './notifier.ts';

/** As the service's own log (user-plan.md, Log Configuration). */
const MAX_SIZE_BYTES = 10 * 1024 * 1024;
const GENERATIONS = 5;

export const consoleChannel =
  (logger: Logger): Channel =>
  ({ name, incidentId, kind, policy, text }) =>
    logger[kind === 'resolved' ? 'info' : 'warning']('Notice', {
      error_code: name,
      ...(incidentId === undefined ? {} : { incident_id: incidentId }),
      context: { kind, policy: policy ?? null, text },
    });

/** `logs/notices.log`: one JSON line a notice, with the fields of every log line, so that Loki takes it as one. */
export function logFileChannel(folder: string): { write: Channel; close(): void } {
  let problem: unknown;
  const file = createRotatingFile({
    path: join(folder, 'notices.log'),
    maxSizeBytes: MAX_SIZE_BYTES,
    generations: GENERATIONS,
    onError: (error) => {
      problem = error;
    },
  });
  return {
    write({ at, kind, state, name, severity, policy, incidentId, text, toldBy }) {
      const line = {
        timestamp: at,
        level: state === 'resolved' ? 'INFO' : severity,
        service: 'supervisor',
        module: 'notices',
        message: text,
        error_code: name,
        incident_id: incidentId ?? null,
        context: { kind, policy: policy ?? null, told_by: toldBy },
      };
      problem = undefined;
      file.write(`${JSON.stringify(line)}\n`);
      if (problem !== undefined) throw problem;
    },
    close: () => file.close(),
  };
}
