import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { ERROR_CODES } from '@understudy/shared/errors';
import { METRICS } from '@understudy/shared/telemetry';
import { generatedDocs } from '../../scripts/generated-docs.ts';

const root = new URL('../../', import.meta.url);

for (const [path, content] of Object.entries(generatedDocs())) {
  it(`${path} says what the code says (npm run docs)`, () => {
    assert.equal(readFileSync(new URL(path, root), 'utf8'), content);
  });
}

it('names every code and every metric', () => {
  const { 'docs/error-codes.md': codes = '', 'docs/telemetry.md': telemetry = '' } = generatedDocs();
  for (const code of ERROR_CODES) assert.ok(codes.includes(`\`${code}\``), code);
  for (const metric of Object.keys(METRICS)) assert.ok(telemetry.includes(`\`${metric}\``), metric);
});
