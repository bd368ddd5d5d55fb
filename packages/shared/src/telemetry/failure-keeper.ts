import { SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import { KEEP_ATTRIBUTE } from './keep-attribute.ts';

/** A process' part of a trace that was not picked: from its first span there until none of its spans is open. */
interface Part {
  open: number;
  failed: boolean;
  readonly ended: ReadableSpan[];
}

/** Bounds of what waits for its end: some 1 kB a span. The oldest part gives way. */
const MAX_PARTS = 200;
const MAX_SPANS = 100;

const isPicked = (span: Pick<ReadableSpan, 'spanContext'>): boolean =>
  (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;

const hasFailed = (span: ReadableSpan): boolean =>
  span.status.code === SpanStatusCode.ERROR || span.attributes[KEEP_ATTRIBUTE] === true;

/** The same span as one that was picked: an exporter's queue takes no other. */
function pick(span: ReadableSpan): ReadableSpan {
  const spanContext = { ...span.spanContext(), traceFlags: TraceFlags.SAMPLED };
  const picked: ReadableSpan = Object.create(span, { spanContext: { value: () => spanContext } });
  return picked;
}

/**
 * Hands on to `next` what was picked at its beginning, and of the rest the parts in which a span failed or was marked (`KEEP_ATTRIBUTE`).
 * Only this process' part: what ended in another process before the failure is not known here any more.
 */
export function createFailureKeeper(next: SpanProcessor): SpanProcessor {
  const parts = new Map<string, Part>();

  function begin(traceId: string): Part {
    const part: Part = { open: 0, failed: false, ended: [] };
    const oldest = parts.size < MAX_PARTS ? undefined : parts.keys().next().value;
    if (oldest !== undefined) parts.delete(oldest);
    parts.set(traceId, part);
    return part;
  }

  function end(part: Part, span: ReadableSpan): void {
    part.open -= 1;
    part.failed ||= hasFailed(span);
    if (part.ended.length < MAX_SPANS) part.ended.push(span);
    if (part.open > 0) return;
    parts.delete(span.spanContext().traceId);
    if (part.failed) for (const each of part.ended) next.onEnd(pick(each));
  }

  return {
    onStart(span, parent) {
      if (isPicked(span)) return next.onStart(span, parent);
      const { traceId } = span.spanContext();
      const part = parts.get(traceId) ?? begin(traceId);
      part.open += 1;
    },
    onEnd(span) {
      if (isPicked(span)) return next.onEnd(span);
      const part = parts.get(span.spanContext().traceId);
      if (part !== undefined) end(part, span);
    },
    forceFlush: () => next.forceFlush(),
    shutdown: () => next.shutdown(),
  };
}
