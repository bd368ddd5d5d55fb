import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import OpenAI from 'openai';
import { createRequestDialect } from './request-dialect.ts';

const refuse = (status: number, error: object) => OpenAI.APIError.generate(status, { error }, undefined, new Headers());
const USAGE = { stream_options: { include_usage: true } };

/** What is asked while each of the refusals is met in turn, and once more afterwards. */
async function asked(...refusals: readonly Error[]) {
  const dialect = createRequestDialect();
  const seen: object[] = [];
  const ask = () =>
    dialect.ask(async (fields) => {
      seen.push(fields(20));
      const refusal = refusals[seen.length - 1];
      if (refusal) throw refusal;
      return 'ok';
    });
  const result = await ask().catch((error: unknown) => error);
  if (result === 'ok') await ask();
  return { seen, result };
}

describe('createRequestDialect', () => {
  // https://github.com/openai/openai-agents-python/issues/442 (Mistral), QuantumNous/new-api#418, semantic-kernel#10510 (Azure)
  const NO_USAGE = [
    refuse(422, {
      object: 'error',
      message: { detail: [{ type: 'extra_forbidden', loc: ['body', 'stream_options', 'include_usage'] }] },
    }),
    refuse(400, {
      message: "Unknown parameter: 'stream_options'.",
      param: 'stream_options',
      code: 'unknown_parameter',
    }),
    refuse(400, { code: 400, message: 'Validation error at #/stream_options: Extra inputs are not permitted' }),
  ];
  for (const refusal of NO_USAGE)
    it(`does without usage after ${refusal.message.slice(0, 60)}`, async () => {
      assert.deepEqual((await asked(refusal)).seen, [
        { max_tokens: 20, ...USAGE },
        { max_tokens: 20 },
        { max_tokens: 20 },
      ]);
    });

  it('names the limit as new models want it, both lessons in one call', async () => {
    const newer = refuse(400, { message: 'use the other', param: 'max_tokens', code: 'unsupported_parameter' });
    const [usage = newer] = NO_USAGE;
    const last = { max_completion_tokens: 20 };
    assert.deepEqual((await asked(newer, usage)).seen, [
      { max_tokens: 20, ...USAGE },
      { ...last, ...USAGE },
      last,
      last,
    ]);
  });
  it('gives each up once, and any other refusal on', async () => {
    const [usage = new Error('none')] = NO_USAGE;
    assert.equal((await asked(usage, usage)).result, usage);
    const other = refuse(400, { message: 'temperature is too high', param: 'temperature', code: 'unsupported_value' });
    assert.deepEqual(await asked(other), { seen: [{ max_tokens: 20, ...USAGE }], result: other });
  });
});
