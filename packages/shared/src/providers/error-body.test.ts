import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readErrorBody } from './error-body.ts';

const CASES = [
  ['a sentence', 'no such model', { isError: true, details: ['no such model'] }],
  ['OpenAI', { message: 'm', type: 't', code: 'c' }, { isError: true, code: 'c', type: 't', details: [] }],
  ['a number for a code', { message: 'm', code: 429 }, { isError: true, numericCode: 429, details: [] }],
  [
    'a list of one',
    [{ error: { message: 'm', status: 'S', code: 429 } }],
    { isError: true, code: 'S', numericCode: 429, details: [] },
  ],
  [
    'wrapped twice',
    { error: { error: { message: 'm', code: 402 } }, code: 402 },
    { isError: true, numericCode: 402, details: [] },
  ],
  ['an inner code', { message: 'm', innererror: { code: 'R' } }, { isError: true, code: 'R', details: ['R'] }],
  ['upstream words', { message: 'm', metadata: { raw: 'why' } }, { isError: true, details: ['why'] }],
  ['what llama.cpp takes', { message: 'm', n_ctx: 512 }, { isError: true, contextTokens: 512, details: [] }],
  ['a page of something else', { detail: 'Not Found' }, { isError: false, details: [] }],
  ['nothing', undefined, { isError: false, details: [] }],
] as const;

describe('readErrorBody', () => {
  for (const [what, body, expected] of CASES) it(what, () => assert.deepEqual(readErrorBody(body), expected));
  it('takes anything without throwing', () => {
    fc.assert(fc.property(fc.anything(), (body) => assert.equal(typeof readErrorBody(body).isError, 'boolean')));
  });
});
