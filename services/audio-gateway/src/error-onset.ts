import type { ErrorEvent } from '@understudy/shared/contracts';
import type { ServiceError } from '@understudy/shared/errors';
import type { ServiceContext } from '@understudy/shared/service';

export interface ErrorOnset {
  /** Reports when it begins, not while it lasts. @returns the event of the beginning */
  begin(error: () => ServiceError): ErrorEvent;
  end(): void;
  /** The event of what holds now. */
  standing(): ErrorEvent | undefined;
}

export function createErrorOnset(context: Pick<ServiceContext, 'reportError'>): ErrorOnset {
  let event: ErrorEvent | undefined;
  return {
    begin(error) {
      event ??= context.reportError(error());
      return event;
    },
    end() {
      event = undefined;
    },
    standing: () => event,
  };
}
