import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createValidator, ReplySchema } from '@understudy/shared/contracts';
import { createFakeContext } from '@understudy/shared/testing';
import { compose } from './app.ts';
import { turnOf } from './testing/live-service.ts';
import { createLlamaServer, llamaServerMissing } from './testing/llama-server.ts';

const isReply = createValidator(ReplySchema);

const yaml = (url: string) => `
llm:
  deadline_ms: 50000
  first_token_timeout_ms: 20000
  next_token_timeout_ms: 20000
  providers: [{ name: local, base_url: '${url}', model: any, max_tokens: 100 }]
persona: { patterns: { other: ['Mhm.'] } }
`;

describe('the llm-service with a real model server', { skip: llamaServerMissing }, () => {
  it('learns what the model takes, goes on while it is dead, and comes back to it', async (t) => {
    const server = await createLlamaServer({ contextTokens: 2048 });
    t.after(() => server.remove());
    await server.start();
    const context = createFakeContext('llm-service', { yaml: yaml(server.url) });
    const service = await compose(context);
    t.after(async () => {
      context.abort();
      await service.stop();
    });
    const say = async (text: string): Promise<string[]> => {
      const turn = turnOf(text);
      await context.bus.deliver('input', turn);
      return context.bus.published.flatMap(({ topic, message }) => {
        const reply = isReply(message);
        if (topic !== 'reply' || !reply.ok || reply.value.turnId !== turn.turnId) return [];
        return [`${reply.value.by}: ${reply.value.text}`];
      });
    };
    const reported = () => context.errors.splice(0).map(({ code }) => code);
    const byModel = ['provider:local: Hello there.'];

    // A token is a byte here: the conversation is too long after some turns, and only once.
    for (let turn = 0; turn < 12; turn += 1)
      assert.deepEqual(await say(`${turn} ${'more words '.repeat(10)}`), byModel);
    assert.deepEqual(reported(), ['LLM_CONTEXT_TOO_LONG']);

    await server.kill();
    assert.deepEqual(await say('other words'), ['pattern: Mhm.']);
    assert.deepEqual(reported(), ['LLM_UNREACHABLE']);

    await server.start();
    assert.deepEqual(await say('words again'), byModel);
    assert.deepEqual(reported(), []);
  });
});
