import type { ErrorEvent } from '@understudy/shared/contracts';
import type { ErrorCode, ServiceError } from '@understudy/shared/errors';

/** Failures that last: each is reported at its onset and never again before it has ended, or concerns another subject. */
export interface OpenFailures {
  /** @returns the event of the onset, this one or the one before */
  begin(error: ServiceError): ErrorEvent;
  /** @returns whether it was open */
  end(code: ErrorCode): boolean;
  of(code: ErrorCode): ErrorEvent | undefined;
}

export function createOpenFailures(report: (error: ServiceError) => ErrorEvent): OpenFailures {
  const open = new Map<ErrorCode, { readonly subject: string | undefined; readonly event: ErrorEvent }>();
  return {
    begin(error) {
      const { code } = error;
      const { subject } = error.facts;
      const known = open.get(code);
      // A reload may name another port that fails in the same way.
      if (known && known.subject === subject) return known.event;
      const event = report(error);
      open.set(code, { subject, event });
      return event;
    },
    end: (code) => open.delete(code),
    of: (code) => open.get(code)?.event,
  };
}
