import type { ErrorEvent, ErrorResponse } from '../contracts/index.ts';
import { defineError } from './error-table.ts';

/** The user's `ErrorResponse` for one failure that the local ladder has met. */
export const errorResponse = (
  event: Pick<ErrorEvent, 'id' | 'code'>,
  what: { fallbackActivated: boolean; recoverySuccessful?: boolean },
): ErrorResponse => ({
  handled: true,
  recovery_successful: what.recoverySuccessful ?? false,
  fallback_activated: what.fallbackActivated,
  user_message: defineError(event.code).userMessage,
  error_code: event.code,
  error_id: event.id,
});
