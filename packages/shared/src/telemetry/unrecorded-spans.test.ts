import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import { unrecordedSpans } from './unrecorded-spans.ts';

const tracer = unrecordedSpans.getTracer('test');
const PARENT = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: TraceFlags.SAMPLED };
const inside = trace.setSpanContext(ROOT_CONTEXT, PARENT);

test('a span goes on in its parent’s trace, is not recorded, and says so to who comes after', () => {
  const span = tracer.startSpan('work', {}, inside);
  const { spanId, ...rest } = span.spanContext();
  assert.deepEqual([rest, span.isRecording()], [{ traceId: PARENT.traceId, traceFlags: TraceFlags.NONE }, false]);
  assert.match(spanId, /^(?!b{16})[0-9a-f]{16}$/);
});

test('without a parent, or as a root, it begins a trace', () => {
  for (const span of [tracer.startSpan('work'), tracer.startSpan('work', { root: true }, inside)]) {
    assert.match(span.spanContext().traceId, /^(?!a{32})[0-9a-f]{32}$/);
  }
});

test('an active span is handed to its work in each of the three ways to ask for one', () => {
  const traceIds = [
    tracer.startActiveSpan('work', (span) => span.spanContext().traceId),
    tracer.startActiveSpan('work', {}, (span) => span.spanContext().traceId),
    tracer.startActiveSpan('work', {}, inside, (span) => span.spanContext().traceId),
  ];
  assert.deepEqual(
    traceIds.map((traceId) => [/^[0-9a-f]{32}$/.test(traceId), traceId === PARENT.traceId]),
    [
      [true, false],
      [true, false],
      [true, true],
    ],
  );
});
