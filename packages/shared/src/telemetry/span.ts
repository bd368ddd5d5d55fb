import {
  type Attributes,
  context,
  type Link,
  type Span as OtelSpan,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { currentTrace, type TraceHeaders, traceHeaders } from './active-trace.ts';
import { KEEP_ATTRIBUTE } from './keep-attribute.ts';
import { redactText } from './redact.ts';

export type SpanAttribute = string | number | boolean;

/** What the code of a span may do with it; strings are redacted as log lines are. */
export interface Span {
  setAttribute(name: string, value: SpanAttribute): void;
  addEvent(name: string, attributes?: Readonly<Record<string, SpanAttribute>>): void;
}

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

export interface SpanOptions {
  readonly kind?: keyof typeof KINDS;
  readonly attributes?: Readonly<Record<string, SpanAttribute>>;
  /** This and all that follows from it is kept, whether or not the trace was picked: failures and recoveries. */
  readonly keep?: boolean;
  /** Headers of the message that caused this work. Given but empty: a new trace. Absent: the active span is the parent. */
  readonly parent?: TraceHeaders;
  /** Headers of other traces that belong to this work, such as the errors that joined an incident. */
  readonly links?: readonly TraceHeaders[];
}

const clean = (value: SpanAttribute): SpanAttribute => (typeof value === 'string' ? redactText(value) : value);

const cleanAll = (attributes: Readonly<Record<string, SpanAttribute>>): Attributes =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, clean(value)]));

function linkTo(headers: TraceHeaders): Link[] {
  const spanContext = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, headers));
  return spanContext !== undefined ? [{ context: spanContext }] : [];
}

const wrap = (span: OtelSpan): Span => ({
  setAttribute: (name, value) => {
    if (span.isRecording()) span.setAttribute(name, clean(value));
  },
  addEvent: (name, attributes = {}) => {
    if (span.isRecording()) span.addEvent(name, cleanAll(attributes));
  },
});

function recordFailure(span: OtelSpan, error: unknown): void {
  if (!span.isRecording()) return;
  const thrown = error instanceof Error ? error : new Error(String(error));
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.name;
  const message = redactText(thrown.message);
  span.setAttribute('error.type', code);
  span.recordException({ name: thrown.name, message, stack: redactText(thrown.stack ?? '') });
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

/**
 * Runs `fn` inside a new span and ends the span with it. What `fn` throws is recorded and thrown on.
 * @param name low cardinality, such as `supervisor.decide`: facts are attributes
 */
export async function withSpan<T>(name: string, options: SpanOptions, fn: (span: Span) => Promise<T> | T): Promise<T> {
  const parent = options.parent === undefined ? context.active() : propagation.extract(ROOT_CONTEXT, options.parent);
  const span = trace.getTracer('understudy').startSpan(
    name,
    {
      kind: KINDS[options.kind ?? 'internal'],
      attributes: { ...cleanAll(options.attributes ?? {}), ...(options.keep ? { [KEEP_ATTRIBUTE]: true } : {}) },
      ...(options.links === undefined ? {} : { links: options.links.flatMap(linkTo) }),
    },
    parent,
  );
  return context.with(trace.setSpan(parent, span), async () => {
    try {
      return await fn(wrap(span));
    } catch (error) {
      recordFailure(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/**
 * What a message must carry so that its receiver continues the active trace, with a span of its own for the sending: by it a trace store
 * sees who sends to whom. Empty outside of a span.
 * @param name such as `publish reply`
 */
export function sendingHeaders(name: string): TraceHeaders {
  if (currentTrace() === undefined) return {};
  const parent = context.active();
  const span = trace.getTracer('understudy').startSpan(name, { kind: SpanKind.PRODUCER }, parent);
  const headers = context.with(trace.setSpan(parent, span), traceHeaders);
  span.end();
  return headers;
}

/** Runs `fn` at once inside the active span; outside of any in a new one, so that what begins here can be followed. */
export function insideSpan<T>(name: string, attributes: Readonly<Record<string, SpanAttribute>>, fn: () => T): T {
  if (currentTrace() !== undefined) return fn();
  const span = trace.getTracer('understudy').startSpan(name, { attributes: cleanAll(attributes) }, ROOT_CONTEXT);
  try {
    return context.with(trace.setSpan(ROOT_CONTEXT, span), fn);
  } finally {
    span.end();
  }
}
