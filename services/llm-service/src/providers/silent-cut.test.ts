import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ServiceError } from '@understudy/shared/errors';
import { createContextRoom } from './context-room.ts';
import { createSilentCut, proveWhole } from './silent-cut.ts';

function create(contextTokens: number | Error | undefined) {
  const reported: ServiceError[] = [];
  let asked = 0;
  const room = createContextRoom(200);
  const watch = createSilentCut({
    provider: 'local',
    model: 'llama3.2',
    room,
    askContext: async () => {
      asked += 1;
      if (contextTokens instanceof Error) throw contextTokens;
      return contextTokens;
    },
    report: (error) => void reported.push(error),
  });
  const answered = (estimatedInput: number, input: number, { isOfOllama = true, isProof = false } = {}) =>
    watch({ estimatedInput, input, output: 9, isEstimate: false, isOfOllama, isProof });
  const chain = new Map([['local', { room }]]);
  return { answered, reported, asked: () => asked, prove: (subject?: string) => proveWhole(chain, subject) };
}

it('tells once that Ollama has cut a prompt, and what to do', async () => {
  const { answered, reported, asked } = create(4096);
  await answered(900, 850);
  assert.equal(reported.length, 0);
  await answered(6000, 4090);
  await answered(6100, 4090);
  assert.deepEqual(
    reported.map(({ code, facts }) => [code, facts.subject, facts.context]),
    [['LLM_PROMPT_CUT', 'local', { provider: 'local', model: 'llama3.2', contextTokens: 4096 }]],
  );
  assert.match(
    reported[0]?.message ?? '',
    /about 5900 tokens.*takes 4096.*OLLAMA_CONTEXT_LENGTH.*num_ctx.*llama3\.2.*memory_turns/,
  );
  assert.equal(asked(), 1);
});

it('asks again while it is not told, and no other server', async () => {
  for (const silent of [undefined, new Error('away')]) {
    const { answered, reported, asked, prove } = create(silent);
    await answered(900, 850);
    await answered(6000, 4090);
    assert.deepEqual([asked(), reported.length, prove('local').ok], [2, 0, false]);
  }
  const other = create(4096);
  await other.answered(6000, 4090, { isOfOllama: false });
  assert.deepEqual([other.asked(), other.reported.length, other.prove('local').ok], [0, 0, true]);
});

it('is proved by a conversation that was counted whole, and by no shorter one after a cut', async () => {
  const { answered, prove } = create(4096);
  assert.deepEqual(prove('local'), { ok: false, detail: 'local has counted no conversation since the reload' });
  await answered(900, 850);
  assert.deepEqual(prove('local'), { ok: true, detail: 'local took a conversation whole' });
  await answered(6000, 4090);
  await answered(900, 850);
  assert.deepEqual(prove('local'), { ok: false, detail: 'local cut a prompt' });
  assert.deepEqual(prove(), { ok: false, detail: 'cut by local' });
  assert.deepEqual(prove('other'), { ok: false, gone: true, detail: 'llm.providers has no other; it has local' });
});

it("learns nothing from a probe's few words, of which most is the server's own template", async () => {
  const { answered, reported, asked, prove } = create(4096);
  for (let probe = 0; probe < 20; probe += 1) await answered(8, 40, { isProof: true });
  assert.deepEqual([asked(), prove('local').ok], [0, false]);
  await answered(1500, 1450);
  assert.deepEqual(reported, []);
});
