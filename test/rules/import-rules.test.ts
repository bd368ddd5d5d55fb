import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { type CruiseReport, cruiseImports } from '../../scripts/checks/cruise-imports.ts';
import { type Tree, writeFixtureTree } from './fixture-tree.ts';

const configFile = join(import.meta.dirname, '../../.dependency-cruiser.cjs');
const config: { forbidden: { name: string; comment: string }[] } = createRequire(import.meta.url)(configFile);

const sharedManifest = {
  name: '@understudy/shared',
  type: 'module',
  exports: {
    './contracts': './src/contracts/index.ts',
    './errors': './src/errors/index.ts',
    './messaging': './src/messaging/index.ts',
    './telemetry': './src/telemetry/index.ts',
    './testing': './src/testing/index.ts',
  },
};
const simulatorsManifest = { name: '@understudy/simulators', type: 'module', exports: { '.': './src/index.ts' } };

const exportsNothing = 'export {};\n';

/** A small house in which each import is one that the rules allow, at least one next to each border. */
const cleanHouse: Tree = {
  'packages/shared/package.json': JSON.stringify(sharedManifest),
  'packages/shared/src/contracts/index.ts': "import 'typebox';\nimport '../errors/index.ts';\n",
  'packages/shared/src/errors/index.ts': exportsNothing,
  'packages/shared/src/messaging/index.ts':
    "import '@nats-io/nats-core';\nimport 'node:fs';\nimport '../contracts/index.ts';\n",
  'packages/shared/src/telemetry/index.ts': "import '@opentelemetry/api';\nimport 'pino';\nimport 'prom-client';\n",
  'packages/shared/src/testing/index.ts': exportsNothing,
  'packages/simulators/package.json': JSON.stringify(simulatorsManifest),
  'packages/simulators/src/index.ts': "import '@understudy/shared/testing';\n",
  'packages/starter/src/main.ts': "import '@understudy/simulators';\nimport '../../../scripts/a-script.ts';\n",
  'scripts/a-script.ts': exportsNothing,
  'services/llm-service/src/app.ts': "import 'ioredis';\nimport '@understudy/shared/messaging';\n",
  'services/llm-service/src/main.ts': "import './app.ts';\n",
  'services/llm-service/src/app.test.ts':
    "import './app.ts';\nimport '@understudy/simulators';\nimport '@understudy/shared/testing';\n",
  'services/llm-service/test/rig.ts': "import '@understudy/simulators';\nimport '@understudy/shared/testing';\n",
  'services/supervisor/src/intake/a.ts': "import '@understudy/shared/contracts';\n",
  'services/supervisor/src/classify/a.ts': "import '@understudy/shared/errors';\nexport interface ClassifiedError {}\n",
  'services/supervisor/src/classify/a.test.ts':
    "import './a.ts';\nimport '../pipeline.ts';\nimport 'node:assert/strict';\n",
  'services/supervisor/src/decide/a.ts':
    "import type { ClassifiedError } from '../classify/a.ts';\nexport type D = ClassifiedError;\n",
  'services/supervisor/src/recover/a.ts':
    "import '../decide/a.ts';\nimport '../classify/a.ts';\nimport 'node:timers/promises';\n",
  'services/supervisor/src/record/a.ts': "import '../recover/a.ts';\n",
  'services/supervisor/src/notify/a.ts': "import '../record/a.ts';\nimport '../intake/a.ts';\n",
  'services/supervisor/src/health/a.ts': "import '../classify/a.ts';\n",
  'services/supervisor/src/routes/a.ts': "import '../record/a.ts';\n",
  'services/supervisor/src/pipeline.ts': "import './notify/a.ts';\nimport './health/a.ts';\nimport './intake/a.ts';\n",
  'services/supervisor/src/app.ts': "import './pipeline.ts';\nimport './routes/a.ts';\nimport 'ioredis';\n",
  'services/supervisor/src/main.ts': "import './app.ts';\n",
  'test/bench/bare-parts.ts': "import '@nats-io/nats-core';\nimport 'pino';\nimport 'prom-client';\n",
  'test/e2e/a.e2e.test.ts': "import '@understudy/simulators';\nimport '@understudy/shared/testing';\n",
};

interface Violation {
  rule: string;
  file: string;
  code: string;
  /** Rules that the same import breaks besides. */
  alsoBreaks?: string[];
}

const supervisor = 'services/supervisor/src';

const violations: Violation[] = [
  { rule: 'flow-intake-looks-left-only', file: `${supervisor}/intake/x.ts`, code: "import '../classify/a.ts';" },
  {
    rule: 'flow-classify-looks-left-only',
    file: `${supervisor}/classify/right.ts`,
    code: "import type {} from '../decide/a.ts';",
    alsoBreaks: ['classify-is-pure'],
  },
  {
    rule: 'flow-decide-looks-left-only',
    file: `${supervisor}/decide/right.ts`,
    code: "import '../notify/a.ts';",
    alsoBreaks: ['decide-is-pure'],
  },
  { rule: 'flow-recover-looks-left-only', file: `${supervisor}/recover/x.ts`, code: "import '../record/a.ts';" },
  { rule: 'flow-record-looks-left-only', file: `${supervisor}/record/x.ts`, code: "export * from '../notify/a.ts';" },
  { rule: 'health-is-for-the-composition', file: `${supervisor}/notify/health.ts`, code: "import '../health/a.ts';" },
  { rule: 'routes-is-for-the-composition', file: `${supervisor}/health/x.ts`, code: "import '../routes/a.ts';" },
  { rule: 'nats-by-one-door', file: `${supervisor}/intake/nats.ts`, code: "import type {} from '@nats-io/nats-core';" },
  {
    rule: 'opentelemetry-by-one-door',
    file: 'services/llm-service/src/tracing.ts',
    code: "import '@opentelemetry/api';",
  },
  { rule: 'pino-by-one-door', file: 'packages/shared/src/messaging/log.ts', code: "import 'pino';" },
  { rule: 'prom-client-by-one-door', file: 'packages/starter/src/count.ts', code: "import 'prom-client';" },
  { rule: 'ioredis-by-two-services', file: 'services/osc-bridge/src/cache.ts', code: "await import('ioredis');" },
  { rule: 'composition-is-the-top', file: `${supervisor}/notify/app.ts`, code: "import '../app.ts';" },
  { rule: 'classify-is-pure', file: `${supervisor}/classify/clock.ts`, code: "import 'node:timers';" },
  { rule: 'decide-is-pure', file: `${supervisor}/decide/chance.ts`, code: "import 'typebox';" },
  {
    rule: 'decide-takes-only-types-from-classify',
    file: `${supervisor}/decide/x.ts`,
    code: "import '../classify/a.ts';",
  },
  { rule: 'contracts-and-errors-are-pure', file: 'packages/shared/src/errors/x.ts', code: "import 'node:fs';" },
  {
    rule: 'services-meet-on-the-wire',
    file: 'services/osc-bridge/src/llm.ts',
    code: "import '../../llm-service/src/app.ts';",
  },
  {
    rule: 'services-know-only-shared',
    file: 'services/osc-bridge/src/script.ts',
    code: "import '../../../scripts/a-script.ts';",
  },
  {
    rule: 'shared-is-the-bottom',
    file: 'packages/shared/src/messaging/x.ts',
    code: "import '../../../../services/llm-service/src/app.ts';",
  },
  {
    rule: 'packages-by-their-named-doors',
    file: 'services/osc-bridge/src/deep.ts',
    code: "import '../../../packages/shared/src/contracts/behind.ts';",
  },
  {
    rule: 'simulators-stand-in-for-peers-only',
    file: 'services/osc-bridge/src/peer.ts',
    code: "import '@understudy/simulators';",
  },
  {
    rule: 'no-test-code-in-production',
    file: 'services/osc-bridge/src/fake.ts',
    code: "import '@understudy/shared/testing';",
  },
  { rule: 'no-circular-imports', file: 'services/osc-bridge/src/ring.ts', code: "import './second.ts';" },
  {
    rule: 'each-import-resolves',
    file: 'services/osc-bridge/src/typo.ts',
    code: "import '@understudy/shared/src/contracts/behind.ts';",
  },
];

const violatedHouse: Tree = {
  ...cleanHouse,
  ...Object.fromEntries(violations.map(({ file, code }) => [file, `${code}\nexport {};\n`])),
  'packages/shared/src/contracts/behind.ts': exportsNothing,
  'services/osc-bridge/src/second.ts': "import './ring.ts';\n",
};

async function cruiseTree(tree: Tree): Promise<CruiseReport> {
  const root = writeFixtureTree(tree);
  try {
    return await cruiseImports(root, configFile);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

describe('import rules', () => {
  let report: CruiseReport;
  before(async () => {
    report = await cruiseTree(violatedHouse);
  });

  for (const { rule, file, code, alsoBreaks = [] } of violations) {
    test(`${rule} catches ${code} in ${file}`, () => {
      const broken = report.violations
        .filter((violation) => violation.from === file)
        .map((violation) => violation.rule);
      assert.deepEqual(broken.sort(), [rule, ...alsoBreaks].sort());
    });
  }

  test('each rule has a violation in this table, and says what to do instead', () => {
    assert.deepEqual(config.forbidden.map(({ name }) => name).sort(), violations.map(({ rule }) => rule).sort());
    assert.deepEqual(
      config.forbidden.filter(({ comment }) => comment.length < 40),
      [],
    );
  });

  test('a violation carries its rule’s remedy', () => {
    const found = report.violations.find(({ rule }) => rule === 'pino-by-one-door');
    assert.deepEqual(found, {
      rule: 'pino-by-one-door',
      remedy: 'Take a logger from @understudy/shared/telemetry: it redacts, rotates and carries the trace.',
      from: 'packages/shared/src/messaging/log.ts',
      to: 'node_modules/.pnpm/pino@1.0.0/node_modules/pino/index.js',
    });
  });

  test('a file that the cruise did not see is named, so that a blind check cannot pass', async () => {
    const root = writeFixtureTree({
      ...cleanHouse,
      'blind.cjs': "module.exports = { options: { exclude: { path: '^(services|packages|test)/' } } };",
    });
    try {
      assert.deepEqual(await cruiseImports(root, join(root, 'blind.cjs')), {
        violations: [],
        unseen: Object.keys(cleanHouse)
          .filter((path) => path.endsWith('.ts') && !path.startsWith('scripts/'))
          .sort(),
        filesSeen: 1,
      });
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });

  test('a house that keeps the rules is clean, and every file of it was seen', async () => {
    const filesSeen = Object.keys(cleanHouse).filter((path) => path.endsWith('.ts')).length;
    assert.deepEqual(await cruiseTree(cleanHouse), { violations: [], unseen: [], filesSeen });
  });
});
