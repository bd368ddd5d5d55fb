import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { outputOf, run } from './docker.ts';
import { describeOnEngine } from './on-engine.ts';
import { type ComposeStack, createStack } from './stack.ts';

/** The set-up says that the operator's files are wrong; nothing else may start then. */
const BAD_CONFIGURATION = 78;
/** A key that works again is noticed soon. */
const CONFIG = { recovery: { cache_fallback: { account_watch_interval_ms: 1000 } } };
/** Runs in the set-up's container, which has every volume. */
const READ_CREDENTIALS = `
const folders = ['setup-state', 'nats-config', 'redis-config', 'grafana-secrets', 'alertmanager-secrets', 'llm-service-secrets'];
const files = folders.flatMap((folder) => fs.readdirSync('/volumes/' + folder, { recursive: true }).map((name) => folder + '/' + name));
const isFile = (file) => fs.statSync('/volumes/' + file).isFile();
console.log(JSON.stringify(Object.fromEntries(files.filter(isFile).map((file) => [file, fs.readFileSync('/volumes/' + file, 'base64')]))));
`;

describeOnEngine('down, and up again', () => {
  let stack: ComposeStack;
  before(async () => {
    stack = await createStack();
    await stack.build();
  });
  after(() => stack.close());

  /** Everything that the programs know each other by, as their volumes hold it: file by file, in base64. */
  const credentials = async (): Promise<Map<string, string>> =>
    new Map(Object.entries(JSON.parse(await outputOf(stack.setup('--eval', READ_CREDENTIALS)))));

  test('a configuration that is wrong stops the start, with file, line and remedy', async () => {
    stack.files.writeConfigText('http:\n  ports: { supervisr: 9000 }\n');
    const { code, stderr } = await stack.setup();
    assert.equal(code, BAD_CONFIGURATION, stderr);
    assert.match(stderr, /understudy\.yaml:2: http\.ports\.supervisr: .*supervisor/);
    const up = await stack.compose('up', '--detach', '--no-build', ...stack.parts);
    assert.notEqual(up.code, 0);
    assert.match(up.stderr, /setup/);
    const { stdout: running } = await stack.compose('ps', '--services', '--status', 'running');
    assert.equal(running.trim(), '');
    stack.files.writeConfig(CONFIG);
  });

  test('what was remembered and what was made stays', async () => {
    await stack.up();
    await stack.waitForCalm();
    assert.equal((await stack.understudy('inject', 'llm_bad_key', '--target', 'primary', '--duration', '2s')).code, 0);
    await stack.ask('Are you there?');
    const incident = await stack.waitForIncident('LLM_BAD_KEY', ({ state }) => state === 'resolved', 'is resolved');
    const before = await credentials();
    await stack.down();
    await stack.up();
    await stack.waitForCalm();
    const kept = (await stack.incidents()).find(({ id }) => id === incident.id);
    assert.deepEqual(kept, incident);
    assert.deepEqual(await credentials(), before);
  });

  test('credentials that are rotated are taken by every program', async () => {
    const before = await credentials();
    const rotate = ['scripts/bootstrap.mjs', 'understudy', 'secrets', 'rotate'];
    assert.match(
      await outputOf(run('node', rotate, { env: stack.env })),
      /Now: docker compose -f docker-compose\.yml up -d --force-recreate/,
    );
    await stack.up('--force-recreate');
    await stack.waitForCalm();
    const now = await credentials();
    const kept = [...now].filter(
      ([file, text]) => /credentials\/|password|token|redis_url|\.conf$/.test(file) && before.get(file) === text,
    );
    assert.deepEqual(
      kept.map(([file]) => file),
      [],
    );
    assert.equal((await stack.ask('Still you?')).mode, 'full');
  });

  test('the lite stack comes up in its place, with the same memory', async () => {
    const known = (await stack.incidents()).map(({ id }) => id);
    await stack.down();
    await stack.lite.up('--remove-orphans');
    await stack.waitForCalm();
    assert.deepEqual(
      (await stack.incidents()).map(({ id }) => id).filter((id) => known.includes(id)),
      known,
    );
    assert.equal((await stack.ask('And now?')).mode, 'full');
    const { stdout } = await stack.exec('supervisor', ['printenv', 'OTEL_EXPORTER_OTLP_ENDPOINT']);
    assert.equal(stdout.trim(), '');
    await stack.lite.down();
  });

  test('volumes of a newer Understudy are refused, and left alone', async () => {
    const before = await credentials();
    const write = `fs.writeFileSync('/volumes/setup-state/layout-version', '1000')`;
    await outputOf(stack.setup('--eval', write));
    const { code, stderr } = await stack.setup();
    assert.equal(code, BAD_CONFIGURATION, stderr);
    assert.match(stderr, /written by a newer Understudy \(layout 1000, .*Nothing was changed\./);
    const now = await credentials();
    assert.deepEqual(
      new Map([...now, ['setup-state/layout-version', before.get('setup-state/layout-version')]]),
      before,
    );
  });
});
