import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prettyLine } from './pretty-line.ts';

const LINE = {
  level: 'WARNING',
  timestamp: '2026-11-24T10:00:00.123Z',
  service: 'llm-service',
  version: '1.2.3',
  session_id: 's',
  module: 'ladder',
  error_code: null,
  context: {},
  user_id: null,
  performance_data: null,
  message: 'Provider failed',
};

test('a line without facts', () => {
  assert.equal(prettyLine(JSON.stringify(LINE)), '10:00:00.123 WARNING  llm-service/ladder  Provider failed\n');
});

test('facts, and the stack on its own lines', () => {
  const line = {
    ...LINE,
    error_code: 'LLM_TIMEOUT',
    context: { provider: 'primary', said: 'two words' },
    performance_data: { duration_ms: 12 },
    err: { type: 'Error', message: 'no', stack: 'Error: no\n    at here' },
  };
  assert.equal(
    prettyLine(JSON.stringify(line)),
    '10:00:00.123 WARNING  llm-service/ladder  Provider failed  error_code=LLM_TIMEOUT provider=primary said="two words" duration_ms=12\n' +
      '  Error: no\n    at here\n',
  );
});
