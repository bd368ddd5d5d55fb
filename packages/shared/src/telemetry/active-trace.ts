import { context, isSpanContextValid, propagation, TraceFlags, trace } from '@opentelemetry/api';
import { KEEP_ATTRIBUTE } from './keep-attribute.ts';

/** W3C Trace Context, as it travels in the headers of a message. */
export interface TraceHeaders {
  readonly traceparent?: string;
}

/** The active span's ids (32 and 16 hexadecimal digits), or nothing outside of a span. */
export function currentTrace(): { readonly traceId: string; readonly spanId: string } | undefined {
  const spanContext = trace.getActiveSpan()?.spanContext();
  if (spanContext === undefined || !isSpanContextValid(spanContext)) return undefined;
  return { traceId: spanContext.traceId, spanId: spanContext.spanId };
}

/** The same, but only when somebody keeps the trace: an exemplar must lead somewhere. */
export function sampledTrace(): { readonly trace_id: string; readonly span_id: string } | undefined {
  const spanContext = trace.getActiveSpan()?.spanContext();
  if (spanContext === undefined || !isSpanContextValid(spanContext)) return undefined;
  if ((spanContext.traceFlags & TraceFlags.SAMPLED) === 0) return undefined;
  return { trace_id: spanContext.traceId, span_id: spanContext.spanId };
}

/** What a message must carry so that its receiver continues the active trace; empty outside of a span. */
export function traceHeaders(): { traceparent: string } | Record<string, never> {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  const { traceparent } = carrier;
  return traceparent === undefined ? {} : { traceparent };
}

/** What this process does in the active trace is kept, whether or not the trace was picked. */
export function keepTrace(): void {
  if (sampledTrace() === undefined) trace.getActiveSpan()?.setAttribute(KEEP_ATTRIBUTE, true);
}
