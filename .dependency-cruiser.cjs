// Who may import whom. Each comment says what to do instead; test/rules/import-rules.test.ts sees each rule fail.
// Run it by `npm run check`, or alone: node scripts/check-import-rules.ts

/** Tests beside their files, and the folders of what only tests need: test/ and services/NAME/test/. */
const TEST_FILES = [
  '\\.test\\.ts$',
  '^test/',
  '^(services|packages)/[^/]+/test/',
  '^(services|packages)/[^/]+/src/testing/',
];
const SUPERVISOR = '^services/supervisor/src/';
/** After a reload the supervisor renders what Prometheus and Alertmanager read (ADR 10). */
const RENDERS_AGAIN = '^services/supervisor/src/monitoring/';
const CONTRACTS_AND_ERRORS = '^packages/shared/src/(contracts|errors)/';

/** The supervisor's flow, left to right. */
const FLOW = ['intake', 'classify', 'decide', 'recover', 'record', 'notify'];
const room = (name) => `${SUPERVISOR}${name}/`;

/** Room n of the flow imports rooms 1 to n, so each but the last has rooms to its right. */
const flowRules = FLOW.slice(0, -1).map((name, index) => ({
  name: `flow-${name}-looks-left-only`,
  comment: `${name}/ imports only ${FLOW.slice(0, index + 1).join('/, ')}/. Pass what you need as an argument from pipeline.ts or app.ts, or move the type to the room that makes it.`,
  severity: 'error',
  from: { path: room(name), pathNot: TEST_FILES },
  to: { path: FLOW.slice(index + 1).map(room) },
}));

/** Rooms beside the flow: only the composition sees them. */
const besideTheFlowRules = ['health', 'routes'].map((name) => ({
  name: `${name}-is-for-the-composition`,
  comment: `${name}/ is imported only by app.ts and pipeline.ts. Let app.ts hand over what is needed, or move the shared type to the room that owns it.`,
  severity: 'error',
  from: {
    path: '^(services|packages|scripts)/',
    // A route is a window: it may look into health, and nobody looks into it.
    pathNot: [room(name), room('routes'), `${SUPERVISOR}(app|pipeline)\\.ts$`, ...TEST_FILES],
  },
  to: { path: room(name) },
}));

/** The benches hold each door against what is behind it, and one test sends what no door would let through. */
const BEHIND_THE_DOORS = ['^test/bench/', '^test/telemetry/every-metric'];

/** Packages that one place alone may know: everything else goes through its door. */
const singleDoorRules = [
  {
    name: 'nats-by-one-door',
    packages: '@nats-io/',
    door: '^packages/shared/src/messaging/',
    remedy: 'Use @understudy/shared/messaging; what is missing there is added there.',
  },
  {
    name: 'opentelemetry-by-one-door',
    packages: '@opentelemetry/',
    door: '^packages/shared/src/telemetry/',
    remedy: 'Use @understudy/shared/telemetry; what is missing there is added there.',
  },
  {
    name: 'pino-by-one-door',
    packages: 'pino(/|$)',
    door: '^packages/shared/src/telemetry/',
    remedy: 'Take a logger from @understudy/shared/telemetry: it redacts, rotates and carries the trace.',
  },
  {
    name: 'prom-client-by-one-door',
    packages: 'prom-client(/|$)',
    door: '^packages/shared/src/telemetry/',
    remedy: 'Use the metrics of @understudy/shared/telemetry; docs/telemetry.md lists them all.',
  },
  {
    name: 'ioredis-by-two-services',
    packages: 'ioredis(/|$)',
    door: '^services/(llm-service|supervisor)/',
    remedy:
      'Redis holds only what may be lost, and two services use it. What must last goes to NATS by @understudy/shared/messaging.',
  },
].map(({ name, packages, door, remedy }) => ({
  name,
  comment: remedy,
  severity: 'error',
  from: { pathNot: [door, ...BEHIND_THE_DOORS] },
  // With or without the folder: a package that is not installed where it is imported keeps its bare name.
  to: { path: `(^|/node_modules/)${packages}` },
}));

module.exports = {
  forbidden: [
    ...flowRules,
    ...besideTheFlowRules,
    ...singleDoorRules,
    {
      name: 'composition-is-the-top',
      comment:
        'main.ts, app.ts and pipeline.ts wire the rooms and are imported by nobody below (app.ts and main.ts may). Move what you need out of them, into the room it belongs to.',
      severity: 'error',
      from: { path: '^services/([^/]+)/src/', pathNot: ['^services/[^/]+/src/(app|main)\\.ts$', ...TEST_FILES] },
      to: { path: '^services/$1/src/(pipeline|app|main)\\.ts$' },
    },
    {
      name: 'classify-is-pure',
      comment:
        'classify/ is a pure function of its arguments: no node: module, no package, no other room. Take the clock, chance and history as arguments; schemas and codes come from @understudy/shared/contracts and /errors.',
      severity: 'error',
      from: { path: room('classify'), pathNot: TEST_FILES },
      to: { pathNot: [room('classify'), CONTRACTS_AND_ERRORS] },
    },
    {
      name: 'decide-is-pure',
      comment:
        'decide/ is a pure function of its arguments: no node: module, no package, no room but the types of classify/. Take the clock, chance and history as arguments; schemas and codes come from @understudy/shared/contracts and /errors.',
      severity: 'error',
      from: { path: room('decide'), pathNot: TEST_FILES },
      to: { pathNot: [room('decide'), room('classify'), CONTRACTS_AND_ERRORS] },
    },
    {
      name: 'decide-takes-only-types-from-classify',
      comment:
        'decide/ gets a ClassifiedError and does not classify: write `import type`, and let pipeline.ts call both.',
      severity: 'error',
      from: { path: room('decide'), pathNot: TEST_FILES },
      to: { path: room('classify'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'contracts-and-errors-are-pure',
      comment:
        'packages/shared/src/contracts and errors say what crosses the wire and what may go wrong: typebox and each other only. Effects belong to messaging/, service/ or the caller.',
      severity: 'error',
      from: { path: CONTRACTS_AND_ERRORS, pathNot: TEST_FILES },
      to: { pathNot: [CONTRACTS_AND_ERRORS, '(^|/node_modules/)typebox(/|$)'] },
    },
    {
      name: 'services-meet-on-the-wire',
      comment:
        'A service imports no other service. Send a message (subjects and schemas in @understudy/shared/contracts), or move what both need to packages/shared.',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'services-know-only-shared',
      comment:
        'Of this workspace a service imports packages/shared alone (its tests may use simulators). Move what both need to packages/shared.',
      severity: 'error',
      from: { path: '^services/', pathNot: [...TEST_FILES, RENDERS_AGAIN] },
      to: { path: '^(packages/(?!shared/|simulators/)|scripts/)' },
    },
    {
      name: 'shared-is-the-bottom',
      comment:
        'packages/shared imports nothing else of this workspace. Turn it round: let the caller pass it in, or move it here.',
      severity: 'error',
      from: { path: '^packages/shared/' },
      to: { path: '^(services/|packages/(?!shared/)|scripts/)' },
    },
    {
      name: 'packages-by-their-named-doors',
      comment:
        'Import @understudy/shared/NAME (or the package by its name), never a file behind it. What is missing at the door is exported there.',
      severity: 'error',
      from: { path: '^([^/]+/[^/]+)' },
      to: {
        path: '^packages/[^/]+/src/',
        pathNot: ['^$1/', '^packages/([^/]+/src/(testing/)?index|shared/src/[^/]+/index)\\.ts$'],
      },
    },
    {
      name: 'simulators-stand-in-for-peers-only',
      comment:
        'Simulators are for the starter (a peer that the configuration does not name) and for tests. A service meets its peer by address.',
      severity: 'error',
      from: { pathNot: ['^packages/(simulators|starter)/', ...TEST_FILES] },
      to: { path: '^packages/simulators/' },
    },
    {
      name: 'no-test-code-in-production',
      comment:
        'Test files, test/ and @understudy/shared/testing are for tests and simulators. Move what production needs out of them.',
      severity: 'error',
      from: { pathNot: [...TEST_FILES, '^packages/simulators/'] },
      to: { path: TEST_FILES },
    },
    {
      name: 'no-circular-imports',
      comment: 'These files import each other in a ring. Move what both need into a third, which imports neither.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'each-import-resolves',
      comment:
        'This import leads nowhere, and no other rule can judge it: write the .ts extension, declare the package in this package.json, or use a door that its `exports` names.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(\\.understudy|logs)/' },
    parser: 'tsc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
