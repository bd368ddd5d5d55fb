import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ServiceError } from '@understudy/shared/errors';
import { createContextRoom } from './context-room.ts';
import { createSilentCut } from './silent-cut.ts';

function create(contextTokens: number | Error | undefined) {
  const reported: ServiceError[] = [];
  let asked = 0;
  const watch = createSilentCut({
    provider: 'local',
    room: createContextRoom(200),
    askContext: async () => {
      asked += 1;
      if (contextTokens instanceof Error) throw contextTokens;
      return contextTokens;
    },
    report: (error) => void reported.push(error),
  });
  const answered = (estimatedInput: number, input: number, isOfOllama = true) =>
    watch({ estimatedInput, input, output: 9, isEstimate: false, isOfOllama });
  return { answered, reported, asked: () => asked };
}

it('tells once that Ollama has cut a prompt, and what to do', async () => {
  const { answered, reported, asked } = create(4096);
  await answered(900, 850);
  assert.equal(reported.length, 0);
  await answered(6000, 4090);
  await answered(6100, 4090);
  assert.deepEqual(
    reported.map(({ code, facts }) => [code, facts.subject, facts.context]),
    [['LLM_CONTEXT_TOO_LONG', 'local', { provider: 'local', contextTokens: 4096 }]],
  );
  assert.match(reported[0]?.message ?? '', /about 5900 tokens.*takes 4096.*OLLAMA_CONTEXT_LENGTH/);
  assert.equal(asked(), 1);
});

it('asks again while it is not told, and no other server', async () => {
  for (const silent of [undefined, new Error('away')]) {
    const { answered, reported, asked } = create(silent);
    await answered(900, 850);
    await answered(6000, 4090);
    assert.deepEqual([asked(), reported.length], [2, 0]);
  }
  const other = create(4096);
  await other.answered(6000, 4090, false);
  assert.deepEqual([other.asked(), other.reported.length], [0, 0]);
});
