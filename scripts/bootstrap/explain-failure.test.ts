import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explainFailure } from './explain-failure.mjs';

describe('explainFailure', () => {
  const cases = [
    {
      output: 'npm error code ENOTFOUND\nnpm error network request failed',
      remedy: /^the package registry cannot be reached/,
    },
    { output: ' ERR_PNPM_META_FETCH_FAIL  GET request failed', remedy: /^the package registry cannot be reached/ },
    { output: 'npm error code SELF_SIGNED_CERT_IN_CHAIN', remedy: /^the registry's certificate is not trusted here/ },
    { output: 'npm error code E403', remedy: /^the registry refused/ },
    {
      output: 'npm error code ETARGET\nnpm error notarget No matching version',
      remedy: /^your registry does not have this version/,
    },
    { output: 'npm error code EINTEGRITY', remedy: /^a download was damaged/ },
    { output: 'npm error code ENOSPC', remedy: /^the disk is full/ },
    { output: 'npm error code EACCES', remedy: /^no permission to write here/ },
    { output: ' ERR_PNPM_OUTDATED_LOCKFILE  Cannot install', remedy: /^pnpm-lock.yaml does not fit/ },
    { output: 'something new', remedy: /^read its last lines/ },
  ];
  for (const { output, remedy } of cases) {
    test(`${output.trim().split('\n')[0]} -> ${remedy.source}`, () => assert.match(explainFailure(output), remedy));
  }

  test('quotes the last lines', () => {
    const output = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`).join('\n');
    const lines = explainFailure(output).split('\n');
    assert.deepEqual([lines.length, lines[1], lines.at(-1)], [16, '     | line 26', '     | line 40']);
  });
});
