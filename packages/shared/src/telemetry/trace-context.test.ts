import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultTextMapGetter, defaultTextMapSetter, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import { traceContextPropagator } from './trace-context.ts';

const TRACE_ID = 'a'.repeat(32);
const SPAN_ID = 'b'.repeat(16);
const read = (traceparent: unknown) =>
  trace.getSpanContext(traceContextPropagator.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter));
const remote = (traceFlags: TraceFlags) => ({ traceId: TRACE_ID, spanId: SPAN_ID, traceFlags, isRemote: true });

for (const { header, context } of [
  { header: `00-${TRACE_ID}-${SPAN_ID}-01`, context: remote(TraceFlags.SAMPLED) },
  { header: ` 00-${TRACE_ID}-${SPAN_ID}-00 `, context: remote(TraceFlags.NONE) },
  { header: [`00-${TRACE_ID}-${SPAN_ID}-01`, 'another'], context: remote(TraceFlags.SAMPLED) },
  { header: `cc-${TRACE_ID}-${SPAN_ID}-01-of-the-future`, context: remote(TraceFlags.SAMPLED) },
  { header: `00-${TRACE_ID}-${SPAN_ID}-01-more`, context: undefined },
  { header: `ff-${TRACE_ID}-${SPAN_ID}-01`, context: undefined },
  { header: `00-${'0'.repeat(32)}-${SPAN_ID}-01`, context: undefined },
  { header: `00-${TRACE_ID}-${'0'.repeat(16)}-01`, context: undefined },
  { header: `00-${TRACE_ID.toUpperCase()}-${SPAN_ID}-01`, context: undefined },
  { header: 'nonsense', context: undefined },
  { header: undefined, context: undefined },
]) {
  test(`traceparent ${JSON.stringify(header)} is ${context ? 'taken' : 'left'}`, () => {
    assert.deepEqual(read(header), context);
  });
}

test('what is sent is what is read', () => {
  const carrier: Record<string, string> = {};
  const sampled = remote(TraceFlags.SAMPLED);
  traceContextPropagator.inject(trace.setSpanContext(ROOT_CONTEXT, sampled), carrier, defaultTextMapSetter);
  traceContextPropagator.inject(ROOT_CONTEXT, carrier, defaultTextMapSetter);
  assert.deepEqual(carrier, { traceparent: `00-${TRACE_ID}-${SPAN_ID}-01` });
  assert.deepEqual(read(carrier['traceparent']), sampled);
});
