import assert from 'node:assert/strict';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import type { InputResponse } from '@understudy/shared/contracts';
import { createHttpApp } from '@understudy/shared/service';
import { startTracing } from '@understudy/shared/telemetry';
import { ANSWER, LINE, type LiveService, startLiveService } from '../testing/live-service.ts';

const tracing = await startTracing({ service: 'llm-service', version: 'test' });
after(() => tracing.shutdown());

describe('POST /v1/input', () => {
  let live: LiveService;
  beforeEach(async () => {
    live = await startLiveService();
  });
  afterEach(() => live.stop());

  it('serves the same contract over HTTP, with or without a bus', async () => {
    const app = await createHttpApp({
      service: 'llm-service',
      version: 'test',
      rules: () => ({ allowedHosts: [], allowedOrigins: [], token: 't' }),
      notReady: () => undefined,
    });
    live.parts.routes?.(app);
    const post = async (payload: unknown) => {
      const response = await app.inject({
        method: 'POST',
        url: '/v1/input',
        headers: { host: '127.0.0.1' },
        payload: payload as object,
      });
      return { status: response.statusCode, body: response.json() as InputResponse };
    };
    for (const connected of [true, false]) {
      live.context.bus.setConnected(connected);
      const { status, body } = await post({ text: LINE, userId: 'Anna' });
      const { trace_id, turn_id, mode: _mode, ...rest } = body;
      assert.equal(status, 200);
      assert.match(trace_id, /^[\da-f]{32}$/);
      assert.match(turn_id, /^[\da-f-]{36}$/);
      assert.deepEqual(rest, {
        message: ANSWER,
        source: 'provider',
        fallback_used: false,
        cached_response_used: false,
      });
    }
    assert.equal((await post({ text: '' })).status, 400);
    assert.equal((await post({ text: 'x'.repeat(2001) })).status, 400);
    assert.equal((await post({ text: 'hi', other: 1 })).status, 400);
    for (const text of ['   ', ' “” '])
      assert.deepEqual(await post({ text }), {
        status: 400,
        body: {
          statusCode: 400,
          error: 'EMPTY_TEXT',
          message: 'body/text has only blanks, invisible characters or quotation marks; send what the viewer says',
        },
      });
    await app.close();
  });
});
