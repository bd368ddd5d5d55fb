import type { ErrorEvent } from '@understudy/shared/contracts';
import type { ErrorCode, ServiceError } from '@understudy/shared/errors';

/** Failures that last: each is reported at its onset and never again before it has ended. */
export interface OpenFailures {
  /** @returns the event of the onset, this one or the one before */
  begin(error: ServiceError): ErrorEvent;
  /** @returns whether it was open */
  end(code: ErrorCode): boolean;
  of(code: ErrorCode): ErrorEvent | undefined;
}

export function createOpenFailures(report: (error: ServiceError) => ErrorEvent): OpenFailures {
  const open = new Map<ErrorCode, ErrorEvent>();
  return {
    begin(error) {
      const event = open.get(error.code) ?? report(error);
      open.set(error.code, event);
      return event;
    },
    end: (code) => open.delete(code),
    of: (code) => open.get(code),
  };
}
