import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { planStages } from './plan-stages.ts';

const files = [
  'packages/shared/src/errors/error-table.test.ts',
  'packages/shared/src/messaging/bus.integration.test.ts',
  'scripts/e2e.test.ts',
  'test/compose/rules.test.ts',
  'test/compose/stack.e2e.test.ts',
  'test/docs/links.test.ts',
  'test/e2e/device-fallback.e2e.test.ts',
  'test/rules/import-rules.test.ts',
];

const plan = (patterns: string[]) => planStages(files, patterns).map((stage) => [stage.name, ...stage.files]);

describe('planStages', () => {
  test('puts each file into one stage, in the order in which stages run', () => {
    assert.deepEqual(plan([]), [
      ['documents', 'test/docs/links.test.ts'],
      [
        'unit',
        'packages/shared/src/errors/error-table.test.ts',
        'scripts/e2e.test.ts',
        'test/compose/rules.test.ts',
        'test/rules/import-rules.test.ts',
      ],
      ['integration', 'packages/shared/src/messaging/bus.integration.test.ts'],
      ['end-to-end', 'test/e2e/device-fallback.e2e.test.ts'],
      ['compose', 'test/compose/stack.e2e.test.ts'],
    ]);
  });

  test('takes only files that one of the patterns is part of, and leaves empty stages out', () => {
    assert.deepEqual(plan(['messaging/', 'test/rules']), [
      ['unit', 'test/rules/import-rules.test.ts'],
      ['integration', 'packages/shared/src/messaging/bus.integration.test.ts'],
    ]);
    assert.deepEqual(plan(['no such part']), []);
  });

  test('asks for the servers where tests meet real ones', () => {
    assert.deepEqual(
      planStages(files, []).map(({ name, needsServers }) => [name, needsServers]),
      [
        ['documents', false],
        ['unit', false],
        ['integration', true],
        ['end-to-end', true],
        ['compose', false],
      ],
    );
  });
});
