import type { Capability } from '../contracts/index.ts';
import { defineError, type ErrorCode } from './error-table.ts';

export interface ServiceErrorFacts {
  /** What failed: a device id, a provider's name. */
  subject?: string;
  capability?: Capability;
  context?: Record<string, unknown>;
  /** The server's own suggestion (`Retry-After`). */
  retryAfterMs?: number;
  cause?: unknown;
}

/** A failure with a code of the error table: what adapters throw, and what travels as an ErrorEvent. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly code: ErrorCode;
  readonly facts: ServiceErrorFacts;

  constructor(code: ErrorCode, message?: string, facts: ServiceErrorFacts = {}) {
    super(message ?? defineError(code).summary, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.facts = facts;
  }
}

export const isServiceError = (error: unknown): error is ServiceError => error instanceof ServiceError;

/** Anything can be thrown, also what cannot be made a text. */
function messageOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error);
  } catch {
    return 'something that cannot be read was thrown';
  }
}

/** Whatever was thrown, as a ServiceError: foreign errors become UNEXPECTED_ERROR with their cause kept. Never throws. */
export function toServiceError(error: unknown, fallback: ErrorCode = 'UNEXPECTED_ERROR'): ServiceError {
  if (isServiceError(error)) return error;
  return new ServiceError(fallback, messageOf(error) || defineError(fallback).summary, { cause: error });
}
