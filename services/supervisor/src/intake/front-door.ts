import { randomUUID } from 'node:crypto';
import type { Capability, ErrorEvent, ServiceName } from '@understudy/shared/contracts';
import type { ErrorCode } from '@understudy/shared/errors';

/** What the supervisor noticed by itself: a missed heartbeat, growing memory, NATS away. */
export interface Finding {
  readonly service: ServiceName;
  readonly code: ErrorCode;
  readonly message: string;
  readonly subject?: string;
  readonly capability?: Capability;
  readonly context?: Record<string, unknown>;
}

export interface Author {
  readonly instanceId: string;
  readonly version: string;
  readonly now: () => number;
}

/** A finding enters by the same door as a service's error. */
export const toErrorEvent = (finding: Finding, author: Author): ErrorEvent => ({
  id: randomUUID(),
  service: finding.service,
  instanceId: author.instanceId,
  version: author.version,
  code: finding.code,
  message: finding.message,
  occurredAt: new Date(author.now()).toISOString(),
  context: finding.context ?? {},
  ...(finding.subject === undefined ? {} : { subject: finding.subject }),
  ...(finding.capability === undefined ? {} : { capability: finding.capability }),
});
