import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Context, ROOT_CONTEXT, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { type ReadableSpan, type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { createFailureKeeper } from './failure-keeper.ts';
import { KEEP_ATTRIBUTE } from './keep-attribute.ts';
import { createTraceSampler } from './trace-sampler.ts';

/** A tracer that picks no trace by chance, and what came through. */
function setUp() {
  const kept: ReadableSpan[] = [];
  const sink: SpanProcessor = {
    onStart: () => {},
    onEnd: (span) => void kept.push(span),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const provider = new TracerProvider({ sampler: createTraceSampler(0), spanProcessors: [createFailureKeeper(sink)] });
  const tracer = provider.getTracer('test');
  const start = (name: string, parent: Context = ROOT_CONTEXT, attributes = {}) => {
    const span = tracer.startSpan(name, { attributes }, parent);
    return { span, inside: trace.setSpan(parent, span) };
  };
  return { start, kept, names: () => kept.map(({ name }) => name) };
}

test('of a trace that was not picked nothing is kept when all went well', () => {
  const { start, names } = setUp();
  const turn = start('turn');
  start('call', turn.inside).span.end();
  turn.span.end();
  assert.deepEqual(names(), []);
});

test('a failure keeps all that the process did in the trace, also what had ended before, as spans that were picked', () => {
  const { start, names, kept } = setUp();
  const turn = start('turn');
  start('first call', turn.inside).span.end();
  const second = start('second call', turn.inside);
  second.span.setStatus({ code: SpanStatusCode.ERROR });
  second.span.end();
  assert.deepEqual(names(), []);
  turn.span.end();
  assert.deepEqual(names(), ['first call', 'second call', 'turn']);
  const { traceId } = turn.span.spanContext();
  for (const span of kept) {
    assert.deepEqual([span.spanContext().traceId, span.spanContext().traceFlags], [traceId, TraceFlags.SAMPLED]);
  }
  assert.deepEqual(kept[1]?.status, { code: SpanStatusCode.ERROR });
  assert.equal(kept[1]?.parentSpanContext?.spanId, turn.span.spanContext().spanId);
});

test('what is marked while it runs is kept; what is marked at its start is picked with all that follows', () => {
  const { start, names } = setUp();
  const turn = start('turn');
  turn.span.setAttribute(KEEP_ATTRIBUTE, true);
  turn.span.end();
  const recovery = start('recover', turn.inside, { [KEEP_ATTRIBUTE]: true });
  const command = start('command', recovery.inside);
  assert.equal(command.span.spanContext().traceFlags, TraceFlags.SAMPLED);
  command.span.end();
  recovery.span.end();
  assert.deepEqual(names(), ['turn', 'command', 'recover']);
});

test('traces do not mix, whatever the order in which their spans end', () => {
  const trees = fc.array(
    fc.record({
      spans: fc.integer({ min: 1, max: 6 }),
      fails: fc.boolean(),
      order: fc.array(fc.nat(), { maxLength: 6 }),
    }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(trees, (traces) => {
      const { start, kept } = setUp();
      const started = traces.map(({ spans, fails, order }) => {
        const root = start('root');
        const all = [root, ...Array.from({ length: spans - 1 }, () => start('child', root.inside))].map(
          ({ span }) => span,
        );
        if (fails) all.at(-1)?.setStatus({ code: SpanStatusCode.ERROR });
        return { all, fails, keys: order };
      });
      const ends = started.flatMap(({ all, keys }) => all.map((span, index) => ({ span, key: keys[index] ?? 0 })));
      for (const { span } of ends.sort((a, b) => a.key - b.key)) span.end();
      const wanted = started
        .filter(({ fails }) => fails)
        .flatMap(({ all }) => all.map((span) => span.spanContext().spanId));
      assert.deepEqual(kept.map((span) => span.spanContext().spanId).sort(), wanted.sort());
    }),
  );
});

test('traces that never end are forgotten, the oldest first, and a trace too long is cut', () => {
  const { start, kept } = setUp();
  const forgotten = start('forgotten');
  const open = Array.from({ length: 200 }, () => start('open'));
  forgotten.span.setStatus({ code: SpanStatusCode.ERROR }).end();
  assert.equal(kept.length, 0);
  const last = open.at(-1);
  assert.ok(last);
  for (let index = 0; index < 150; index += 1) start('child', last.inside).span.end();
  last.span.setStatus({ code: SpanStatusCode.ERROR }).end();
  assert.equal(kept.length, 100);
});
