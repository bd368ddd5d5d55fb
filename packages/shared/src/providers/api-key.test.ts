import assert from 'node:assert/strict';
import { it } from 'node:test';
import { findApiKey } from './api-key.ts';

const sources = {
  env: { KEY: ' sk-env ', EMPTY: '' },
  readFile: (path: string) => {
    if (path === 'missing') throw new Error('ENOENT');
    return path === 'empty' ? '\n' : 'sk-file\n';
  },
};
const CASES = [
  [{}, { ok: true, key: 'none', isSecret: false }],
  [{ api_key_env: 'KEY' }, { ok: true, key: 'sk-env', isSecret: true }],
  [{ api_key_env: 'EMPTY' }, { ok: false, reason: 'the variable EMPTY is not set' }],
  [{ api_key_env: 'NOT_THERE' }, { ok: false, reason: 'the variable NOT_THERE is not set' }],
  [
    { api_key_file: 'secrets/key', api_key_env: 'KEY' },
    { ok: true, key: 'sk-file', isSecret: true },
  ],
  [{ api_key_file: 'empty' }, { ok: false, reason: 'the file empty is empty' }],
  [{ api_key_file: 'missing' }, { ok: false, reason: 'the file missing cannot be read' }],
] as const;

for (const [settings, expected] of CASES) {
  it(`${JSON.stringify(settings)}`, () => assert.deepEqual(findApiKey(settings, sources), expected));
}
