import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { it } from 'node:test';
import { createFakeContext, waitFor } from '@understudy/shared/testing';
import { compose } from './app.ts';
import { turnOf } from './testing/live-service.ts';

const CONTEXT_TOKENS = 512;
const MORE_TOKENS = 32_768;
const CHUNK = { id: 'chatcmpl-168', object: 'chat.completion.chunk', model: 'tiny', system_fingerprint: 'fp_ollama' };
const event = (chunk: object) => `data: ${JSON.stringify({ ...CHUNK, ...chunk })}\n\n`;
const delta = (content: string, finish_reason: string | null) =>
  event({ choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason }] });

// As Ollama 0.17.4 did here on 2026-11-30: it counts what it has kept of a prompt, here a token for four bytes, and says nothing.
it('finds that Ollama cuts prompts without a word or loads its model again, and says what to set', async (t) => {
  const sent: number[] = [];
  let isLoading = false;
  let contextTokens = CONTEXT_TOKENS;
  const ollama = createServer(async (request, response) => {
    if (request.url === '/api/ps') {
      response.end(JSON.stringify({ models: [{ name: 'tiny:latest', context_length: contextTokens }] }));
      return;
    }
    let body = '';
    for await (const part of request) body += part;
    if (isLoading) return;
    const { messages }: { messages: { content: string }[] } = JSON.parse(body);
    const tokens = Math.ceil(messages.reduce((sum, { content }) => sum + content.length, 0) / 4);
    sent.push(tokens);
    const usage = { prompt_tokens: Math.min(tokens, contextTokens), completion_tokens: 3 };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`${delta('Hello there.', null)}${delta('', 'stop')}${event({ choices: [], usage })}data: [DONE]\n\n`);
  });
  await new Promise<void>((resolve) => ollama.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(ollama.address() as AddressInfo).port}/v1`;
  const context = createFakeContext('llm-service', {
    yaml: `llm: { deadline_ms: 50000, first_token_timeout_ms: 20000, providers: [{ name: local, base_url: '${url}', model: tiny, max_tokens: 60 }] }`,
  });
  const service = await compose(context);
  t.after(async () => {
    context.abort();
    await service.stop();
    ollama.closeAllConnections();
    ollama.close();
  });

  for (let turn = 0; turn < 14; turn += 1)
    await context.bus.deliver('input', turnOf(`${turn} ${'this and that '.repeat(10)}`));
  assert.deepEqual(
    context.errors.map(({ code, subject }) => `${code} ${subject}`),
    ['LLM_PROMPT_CUT local'],
  );
  assert.ok(Math.max(...sent) > CONTEXT_TOKENS, `${sent}`);
  assert.ok(
    sent.slice(-3).every((tokens) => tokens < CONTEXT_TOKENS),
    `${sent}`,
  );

  const prove = async () => (await service.probes['prompt-whole']?.('local', AbortSignal.timeout(30_000)))?.ok;
  assert.equal(await prove(), false);
  contextTokens = MORE_TOKENS;
  const config = context.config();
  context.setConfig({ ...config, llm: { ...config.llm, first_token_timeout_ms: 3000 } });
  assert.equal(await prove(), false, 'nothing has been counted yet');
  await waitFor(async () => {
    await context.bus.deliver('input', turnOf('this'));
    return prove();
  }, 'a count of the whole conversation');
  assert.ok((sent.at(-1) ?? 0) > CONTEXT_TOKENS, `${sent}`);
  assert.equal(context.errors.filter(({ code }) => code === 'LLM_PROMPT_CUT').length, 1);

  isLoading = true;
  await context.bus.deliver('input', turnOf('this'));
  assert.match(context.errors.at(-1)?.message ?? '', /OLLAMA_KEEP_ALIVE/);
});
