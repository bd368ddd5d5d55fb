import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { FAILURE_TABLE } from './classify-failure.ts';

/** Found by the service itself, not by the table of what providers answer. */
const OWN = [
  'LLM_ANSWER_CUT',
  'LLM_BUDGET_FORECAST',
  'LLM_BUDGET_SPENT',
  'LLM_EMPTY_RESPONSE',
  'LLM_PROMPT_CUT',
  'LLM_REFUSAL',
  'MODERATION_UNAVAILABLE',
  'REPLIES_BLOCKED_OFTEN',
  'REPLY_BLOCKED',
  'CACHE_UNAVAILABLE',
  'TURN_DROPPED',
  'SUPERVISOR_SILENT',
];

it('the README tells of every failure, and of no other', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
  const documented = [...readme.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
  assert.deepEqual(documented.toSorted(), [...new Set([...FAILURE_TABLE.map(({ code }) => code), ...OWN])].toSorted());
});
