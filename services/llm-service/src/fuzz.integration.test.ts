import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import fastify from 'fastify';
import { type LiveService, lastOf, startLiveService } from './testing/live-service.ts';

const RUNS = 100;
/** More than any run takes; each is over by itself. */
const DEADLINE_MS = 20_000;

/** Pieces of what a server might send: right, nearly right, and nothing of the kind. */
const chunk = fc.oneof(
  fc.string({ maxLength: 40 }).map((content) => ({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })),
  fc.constantFrom('stop', 'length', 'content_filter', 'tool_calls', '').map((finish_reason) => ({
    choices: [{ index: 0, delta: {}, finish_reason }],
  })),
  fc.record({ choices: fc.anything(), usage: fc.anything(), error: fc.option(fc.anything(), { nil: undefined }) }),
  fc.record({
    error: fc.record({ message: fc.string(), code: fc.anything(), type: fc.anything(), metadata: fc.anything() }),
  }),
  fc.jsonValue(),
);
const bytes = fc.oneof(
  chunk.map((value) => Buffer.from(`data: ${JSON.stringify(value)}\n\n`)),
  fc.uint8Array({ maxLength: 80 }).map((raw) => Buffer.from(raw)),
  fc
    .constantFrom(
      'data: [DONE]\n\n',
      'data: \n\n',
      'event: error\ndata: {}\n\n',
      ': ping\n\n',
      '\r\r\n',
      '<html>',
      'data: {"a":',
    )
    .map((text) => Buffer.from(text)),
);
const served = fc.record({
  status: fc.constantFrom(200, 200, 200, 200, 400, 401, 404, 413, 429, 500, 503, 529),
  contentType: fc.constantFrom('text/event-stream', 'application/json', 'text/html'),
  body: fc.array(bytes, { maxLength: 8 }),
  retryAfter: fc.option(fc.oneof(fc.constantFrom('0', '1e9', '-1', 'soon'), fc.nat().map(String)), { nil: undefined }),
  dies: fc.boolean(),
});
type Served = typeof served extends fc.Arbitrary<infer S> ? S : never;

const serve = ({ status, contentType, body, retryAfter, dies }: Served, response: ServerResponse) => {
  response.writeHead(status, {
    'content-type': contentType,
    ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
  });
  for (const piece of body) response.write(piece);
  if (dies) setImmediate(() => response.socket?.destroy());
  else response.end();
};

describe('whatever comes', () => {
  let live: LiveService;
  let current: Served | undefined;
  const peer = createServer((request, response) => {
    request.resume();
    if (current) serve(current, response);
  });
  before(async () => {
    live = await startLiveService();
    await new Promise<void>((resolve) => peer.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    await live.stop();
    peer.closeAllConnections();
    peer.close();
  });
  /** New providers: what the last run has shut out answers again. */
  const useFuzzedPeer = () => {
    const base_url = `http://127.0.0.1:${(peer.address() as AddressInfo).port}/v1`;
    live.configure({ providers: [{ name: 'primary', base_url, model: 'm', max_tokens: 50 }] });
  };

  it('from a provider, a turn ends with one final sentence in time, and each failure has its code', async () => {
    await fc.assert(
      fc.asyncProperty(served, async (what) => {
        current = what;
        useFuzzedPeer();
        live.context.errors.length = 0;
        const startedAt = performance.now();
        const all = await live.say('hi');
        assert.ok(performance.now() - startedAt < DEADLINE_MS);
        assert.equal(all.filter(({ final }) => final).length, 1);
        assert.equal(lastOf(all).final, true);
        for (const { code } of live.context.errors) assert.match(code, /^LLM_/);
      }),
      { numRuns: RUNS },
    );
  });

  it('over HTTP, a body is answered with 200 or refused with 400', async () => {
    const app = fastify({ ajv: { customOptions: { removeAdditional: false, coerceTypes: false } } });
    live.parts.routes?.(app);
    current = undefined;
    live.configure({ providers: [] });
    const body = fc.oneof(
      fc.jsonValue(),
      fc.record({
        text: fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.anything()),
        userId: fc.option(fc.anything()),
      }),
    );
    await fc.assert(
      fc.asyncProperty(body, async (payload) => {
        const text = JSON.stringify(payload) ?? 'null';
        const response = await app.inject({
          method: 'POST',
          url: '/v1/input',
          headers: { 'content-type': 'application/json' },
          payload: text,
        });
        assert.ok([200, 400].includes(response.statusCode), `${response.statusCode} ${response.body}`);
      }),
      { numRuns: RUNS },
    );
    await app.close();
  });

  it('on the bus, nothing thrown and nobody left waiting', async () => {
    const message = fc.record({
      turnId: fc.uuid(),
      seq: fc.nat(),
      final: fc.boolean(),
      // Too little to begin with, or enough even on a machine that is slow to begin.
      budgetMs: fc.oneof(fc.integer({ min: 0, max: 49 }), fc.integer({ min: 30_000, max: 600_000 })),
      from: fc.constant('audio-gateway' as const),
      source: fc.constantFrom('text' as const, 'speech' as const),
      text: fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }),
      userId: fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(message, async (input) => {
        await live.context.bus.deliver('input', input);
        const expected = input.final && input.budgetMs >= 50 ? 1 : 0;
        assert.equal(live.replies(input.turnId).filter(({ final }) => final).length, expected);
      }),
      { numRuns: RUNS },
    );
  });
});
