import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { createMetrics } from './metrics.ts';
import { registerSecret } from './redact.ts';
import { currentTrace, keepTrace, sendingHeaders, startTracing, traceHeaders, withSpan } from './tracing.ts';

interface OtlpAttribute {
  key: string;
  value: { stringValue?: string; intValue?: number };
}
interface OtlpSpan {
  name: string;
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: OtlpAttribute[];
  events: { name: string; attributes: OtlpAttribute[] }[];
  links: { traceId: string; spanId: string }[];
  status: { code: number; message?: string };
}
interface OtlpBody {
  resourceSpans: { resource: { attributes: OtlpAttribute[] }; scopeSpans: { spans: OtlpSpan[] }[] }[];
}

const plain = (attributes: OtlpAttribute[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]));

/** A trace store that speaks OTLP/HTTP and keeps what it was sent. */
async function startStore(t: TestContext, status = 200) {
  const bodies: OtlpBody[] = [];
  const paths = new Set<string>();
  const server = createServer(async (request, response) => {
    paths.add(`${request.method} ${request.url}`);
    bodies.push((await json(request)) as OtlpBody);
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const spans = () => bodies.flatMap((body) => body.resourceSpans).flatMap((r) => r.scopeSpans.flatMap((s) => s.spans));
  return { endpoint: `http://127.0.0.1:${port}`, bodies, paths, spans };
}

const OPTIONS = { service: 'llm-service', version: '1.2.3' };

test('without an endpoint spans have ids, pass them on, and are kept nowhere', async (t) => {
  const tracing = await startTracing(OPTIONS);
  t.after(() => tracing.shutdown());
  const [outer, inner, headers] = await withSpan('outer', {}, async () => {
    const before = currentTrace();
    return withSpan('inner', {}, () => [before, currentTrace(), traceHeaders()] as const);
  });
  assert.match(inner?.traceId ?? '', /^[0-9a-f]{32}$/);
  assert.equal(inner?.traceId, outer?.traceId);
  assert.notEqual(inner?.spanId, outer?.spanId);
  assert.deepEqual(headers, { traceparent: `00-${inner?.traceId}-${inner?.spanId}-00` });
  assert.deepEqual([currentTrace(), traceHeaders()], [undefined, {}]);
});

test('the trace goes on in the receiver of a message; without its headers a new one begins', async (t) => {
  const tracing = await startTracing(OPTIONS);
  t.after(() => tracing.shutdown());
  const traceId = 'a'.repeat(32);
  const traceparent = `00-${traceId}-${'b'.repeat(16)}-01`;
  const continued = await withSpan('receive', { parent: { traceparent } }, () => currentTrace()?.traceId);
  const [outer, foreign] = await withSpan('outer', {}, async () => [
    currentTrace()?.traceId,
    await withSpan('receive', { parent: {} }, () => currentTrace()?.traceId),
  ]);
  const broken = await withSpan('receive', { parent: { traceparent: 'nonsense' } }, () => currentTrace()?.traceId);
  assert.equal(continued, traceId);
  for (const fresh of [outer, foreign, broken]) assert.match(fresh ?? '', /^[0-9a-f]{32}$/);
  assert.equal(new Set([continued, outer, foreign, broken]).size, 4);
});

test('with an endpoint the spans arrive whole: parents, kinds, attributes, events, links, failures, no secret', async (t) => {
  registerSecret('planted horse battery');
  const store = await startStore(t);
  const tracing = await startTracing({ ...OPTIONS, endpoint: store.endpoint });
  const link = `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`;
  const failure = Object.assign(new Error('no planted horse battery'), { code: 'LLM_TIMEOUT' });
  const failed = withSpan('llm.reply', { kind: 'server', links: [{ traceparent: link }, {}] }, () =>
    withSpan('llm.call', { kind: 'client', attributes: { provider: 'primary', attempt: 1 } }, async (span) => {
      span.setAttribute('url', 'http://user:pass@127.0.0.1/');
      span.addEvent('first token', { from: '203.0.113.7' });
      throw failure;
    }),
  );
  await assert.rejects(failed, failure);
  await tracing.shutdown();

  const spans = store.spans();
  const outer = spans.find(({ name }) => name === 'llm.reply');
  const inner = spans.find(({ name }) => name === 'llm.call');
  assert.ok(outer && inner);
  assert.deepEqual([...store.paths], ['POST /v1/traces']);
  assert.deepEqual(plain(store.bodies[0]?.resourceSpans[0]?.resource.attributes ?? []), {
    'service.name': 'llm-service',
    'service.namespace': 'understudy',
    'service.version': '1.2.3',
  });
  assert.deepEqual(
    {
      trace: inner.traceId === outer.traceId,
      parent: inner.parentSpanId === outer.spanId,
      root: outer.parentSpanId,
      kinds: [outer.kind, inner.kind],
      links: outer.links.map(({ traceId, spanId }) => ({ traceId, spanId })),
      attributes: plain(inner.attributes),
      events: inner.events.map(({ name }) => name),
      from: plain(inner.events[0]?.attributes ?? []),
      message: plain(inner.events[1]?.attributes ?? [])['exception.message'],
      status: [outer.status, inner.status],
    },
    {
      trace: true,
      parent: true,
      root: undefined,
      kinds: [2, 3],
      links: [{ traceId: 'c'.repeat(32), spanId: 'd'.repeat(16) }],
      attributes: {
        provider: 'primary',
        attempt: 1,
        url: 'http://[redacted]@127.0.0.1/',
        'error.type': 'LLM_TIMEOUT',
      },
      events: ['first token', 'exception'],
      from: { from: '[ip]' },
      message: 'no [redacted]',
      status: [
        { code: 2, message: 'no [redacted]' },
        { code: 2, message: 'no [redacted]' },
      ],
    },
  );
  assert.doesNotMatch(JSON.stringify(store.bodies), /planted|203\.0\.113|user:pass/);
});

test('a sending is a span of its own, the parent of what the receiver does; outside of a trace there is none', async (t) => {
  const store = await startStore(t);
  const tracing = await startTracing({ ...OPTIONS, endpoint: store.endpoint });
  const headers = await withSpan('llm.turn', {}, () => sendingHeaders('publish reply'));
  const outside = sendingHeaders('publish reply');
  await withSpan('deliver', { kind: 'consumer', parent: headers }, () => {});
  await tracing.shutdown();

  const [sending, turn, delivery, ...others] = store.spans();
  assert.ok(sending && turn && delivery);
  assert.deepEqual(
    [turn, sending, delivery].map(({ name, kind, parentSpanId }) => ({ name, kind, parentSpanId })),
    [
      { name: 'llm.turn', kind: 1, parentSpanId: undefined },
      { name: 'publish reply', kind: 4, parentSpanId: turn.spanId },
      { name: 'deliver', kind: 5, parentSpanId: sending.spanId },
    ],
  );
  assert.deepEqual([outside, others], [{}, []]);
});

test('of traces that are not picked only failures, reports and recoveries are sent', async (t) => {
  const store = await startStore(t);
  const tracing = await startTracing({ ...OPTIONS, endpoint: store.endpoint, sampleRatio: 0 });
  await withSpan('went well', {}, () => {});
  await withSpan('reported', {}, () => keepTrace());
  await withSpan('recover', { keep: true }, () => withSpan('request reconnect', {}, () => {}));
  await assert.rejects(withSpan('failed', {}, () => Promise.reject(new Error('no'))));
  await tracing.shutdown();
  assert.deepEqual(
    store
      .spans()
      .map(({ name }) => name)
      .sort(),
    ['failed', 'recover', 'reported', 'request reconnect'],
  );
});

test('a trace store that refuses is told once per batch, and the end does not wait for it', async (t) => {
  const store = await startStore(t, 400);
  const errors: unknown[] = [];
  const tracing = await startTracing({
    ...OPTIONS,
    endpoint: store.endpoint,
    onExportError: (error) => errors.push(error),
  });
  await withSpan('lost', {}, () => {});
  await tracing.shutdown();
  assert.equal(errors.length, 1);
});

test('a measurement names its trace as exemplar only when the trace is kept', async (t) => {
  const metrics = createMetrics(OPTIONS);
  const exemplars = async () => (await metrics.text()).split('\n').filter((line) => line.includes(' # {trace_id='));

  const unkept = await startTracing(OPTIONS);
  await withSpan('turn', {}, () => metrics.observe('response_time_seconds', {}, 0.2));
  metrics.observe('response_time_seconds', {}, 0.2);
  await unkept.shutdown();
  assert.deepEqual(await exemplars(), []);

  const store = await startStore(t);
  const kept = await startTracing({ ...OPTIONS, endpoint: store.endpoint });
  const active = await withSpan('turn', {}, () => {
    metrics.observe('response_time_seconds', {}, 0.2);
    return currentTrace();
  });
  await kept.shutdown();
  const [line = '', ...rest] = await exemplars();
  const [sample, exemplar = ''] = line.split(' # ');
  assert.deepEqual([sample, rest], ['response_time_seconds_bucket{le="0.25",service="llm-service"} 3', []]);
  assert.ok(exemplar.startsWith(`{trace_id="${active?.traceId}",span_id="${active?.spanId}"} 0.2 `));
});
