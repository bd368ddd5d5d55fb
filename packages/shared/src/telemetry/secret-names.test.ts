import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeName, type NameVerdict } from './secret-names.ts';

const CASES: Readonly<Record<NameVerdict, readonly string[]>> = {
  secret: ['password', 'dbPassword', 'REDIS_PASSWORD', 'client_secret', 'secrets', 'passphrase'],
  'secret-unless-count': [
    'apiKey',
    'api_key',
    'x-api-key',
    'key',
    'accessToken',
    'token',
    'max_tokens',
    'Authorization',
    'cookies',
  ],
  plain: ['keyboard', 'monkey', 'author', 'cache_key', 'kvKey', 'message', 'tokenize', '', 'secretary'],
};

for (const [verdict, names] of Object.entries(CASES)) {
  for (const name of names) test(`${JSON.stringify(name)} is ${verdict}`, () => assert.equal(judgeName(name), verdict));
}
