import {
  type Context,
  isSpanContextValid,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  TraceFlags,
  trace,
} from '@opentelemetry/api';

const HEADER = 'traceparent';

/** Version, trace id, span id, flags; versions above 00 may have more behind (W3C Trace Context, 3.2 and 4). */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

function readTraceparent(value: string) {
  const [, version, traceId = '', spanId = '', flags = '', more] = TRACEPARENT.exec(value.trim()) ?? [];
  if (version === '00' && more !== undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
}

/** W3C Trace Context without `tracestate`. The one of `@opentelemetry/core` brings 30 modules, which a process without a trace store can spare. */
export const traceContextPropagator: TextMapPropagator = {
  inject<Carrier>(context: Context, carrier: Carrier, setter: TextMapSetter<Carrier>): void {
    const active = trace.getSpanContext(context);
    if (active === undefined || !isSpanContextValid(active)) return;
    const flags = active.traceFlags.toString(16).padStart(2, '0');
    setter.set(carrier, HEADER, `00-${active.traceId}-${active.spanId}-${flags}`);
  },
  extract<Carrier>(context: Context, carrier: Carrier, getter: TextMapGetter<Carrier>): Context {
    const header = getter.get(carrier, HEADER);
    const value = Array.isArray(header) ? header[0] : header;
    const parent = typeof value === 'string' ? readTraceparent(value) : undefined;
    return parent && isSpanContextValid(parent) ? trace.setSpanContext(context, parent) : context;
  },
  fields: () => [HEADER],
};
