import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { isServiceError } from '@understudy/shared/errors';
import { systemClock } from '@understudy/shared/service';
import { createOpenAiProvider } from './openai-provider.ts';
import { RECORDED_FAILURES, type RecordedFailure } from './recorded-failures.fixture.ts';

const QUESTION = { messages: [{ role: 'user', content: 'hi' }], firstTokenMs: 60_000, nextTokenMs: 60_000 } as const;

describe('what servers really sent, over HTTP', () => {
  let current: RecordedFailure | undefined;
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(current?.status ?? 500, { 'content-type': 'application/json', ...current?.headers });
    response.end(current?.body);
  });
  before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  for (const recorded of RECORDED_FAILURES) {
    const { code, retryAfterMs, contextTokens } = recorded;
    it(`${recorded.of}: ${code}`, async () => {
      current = recorded;
      const { port } = server.address() as AddressInfo;
      const settings = { name: 'p', base_url: `http://127.0.0.1:${port}/v1`, model: 'm', max_tokens: 20 };
      const key = { ok: true, key: 'none', isSecret: false } as const;
      const provider = createOpenAiProvider(settings, key, { clock: systemClock });
      const parts = Array.fromAsync(provider.ask(QUESTION, new AbortController().signal));
      await assert.rejects(parts, (error) => {
        assert.ok(isServiceError(error));
        assert.deepEqual(
          {
            code: error.code,
            retryAfterMs: error.facts.retryAfterMs,
            contextTokens: error.facts.context?.['contextTokens'],
          },
          { code, retryAfterMs, contextTokens },
        );
        return true;
      });
    });
  }
});
