import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSamples, sampleName, withoutOpenMetrics } from './demand-metrics.ts';

const TEXT = `# HELP a Counts.
# TYPE a counter
a_total{of="x",said="a \\"b\\", c"} 2 # {trace_id="1"} 0.5 1764000000.0
# HELP b Stands.
# TYPE b gauge
b 1.5e9
# EOF
`;

test('samples with their labels, whatever stands in them', () => {
  assert.deepEqual(parseSamples(TEXT), [
    { name: 'a_total', labels: { of: 'x', said: 'a \\"b\\", c' }, value: 2 },
    { name: 'b', labels: {}, value: 1.5e9 },
  ]);
});

test('a row is looked for under the name of its samples', () => {
  assert.deepEqual(
    (['error_count', 'understudy_turns_total', 'audio_latency_ms', 'understudy_mode'] as const).map(sampleName),
    ['error_count_total', 'understudy_turns_total', 'audio_latency_ms_count', 'understudy_mode'],
  );
});

test('the older format has the same without what it does not know', () => {
  assert.equal(
    withoutOpenMetrics(TEXT),
    `# HELP a_total Counts.
# TYPE a_total counter
a_total{of="x",said="a \\"b\\", c"} 2
# HELP b Stands.
# TYPE b gauge
b 1.5e9

`,
  );
});
