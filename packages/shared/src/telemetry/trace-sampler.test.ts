import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROOT_CONTEXT, SpanKind, TraceFlags, trace } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace';
import { KEEP_ATTRIBUTE } from './keep-attribute.ts';
import { createTraceSampler } from './trace-sampler.ts';

const { RECORD, RECORD_AND_SAMPLED } = SamplingDecision;
const TRACE_ID = `${'0'.repeat(31)}1`;
const under = (traceFlags: TraceFlags) =>
  trace.setSpanContext(ROOT_CONTEXT, { traceId: TRACE_ID, spanId: 'b'.repeat(16), traceFlags, isRemote: true });

for (const { what, ratio, parent = ROOT_CONTEXT, attributes = {}, decision } of [
  { what: 'a beginning with all kept', ratio: 1, decision: RECORD_AND_SAMPLED },
  { what: 'a beginning with none kept', ratio: 0, decision: RECORD },
  {
    what: 'the continuation of a picked trace',
    ratio: 0,
    parent: under(TraceFlags.SAMPLED),
    decision: RECORD_AND_SAMPLED,
  },
  { what: 'the continuation of one that was not picked', ratio: 1, parent: under(TraceFlags.NONE), decision: RECORD },
  { what: 'marked work', ratio: 0, attributes: { [KEEP_ATTRIBUTE]: true }, decision: RECORD_AND_SAMPLED },
  {
    what: 'marked work in a trace that was not picked',
    ratio: 0,
    parent: under(TraceFlags.NONE),
    attributes: { [KEEP_ATTRIBUTE]: true },
    decision: RECORD_AND_SAMPLED,
  },
]) {
  test(`${what}: ${SamplingDecision[decision]}`, () => {
    const result = createTraceSampler(ratio).shouldSample(parent, TRACE_ID, 'x', SpanKind.INTERNAL, attributes, []);
    assert.equal(result.decision, decision);
  });
}

test('a ratio keeps about that share', () => {
  const sampler = createTraceSampler(0.25);
  const ids = Array.from({ length: 256 }, (_, index) => `${index.toString(16).padStart(2, '0')}${'0'.repeat(29)}1`);
  const kept = ids.filter(
    (id) => sampler.shouldSample(ROOT_CONTEXT, id, 'x', SpanKind.INTERNAL, {}, []).decision === RECORD_AND_SAMPLED,
  );
  assert.ok(kept.length > 32 && kept.length < 96, `${kept.length} of 256`);
});
