import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { openCheckout } from './checkout.ts';
import { runRecordFile } from './run-record.ts';

function newCheckout(yaml?: string): string {
  const root = mkdtempSync(join(tmpdir(), 'understudy-checkout-'));
  mkdirSync(join(root, 'config'));
  mkdirSync(join(root, '.understudy'));
  if (yaml !== undefined) writeFileSync(join(root, 'config', 'understudy.yaml'), yaml);
  return root;
}

/** Above what any system gives. */
const NOBODY = 2_000_000_000;

function record(root: string, addresses: Record<string, string>, pid = process.pid): void {
  const file = runRecordFile(join(root, '.understudy'));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ pid, birth: '', startedAt: 'then', addresses }));
}

test('without a configuration the defaults hold', () => {
  const checkout = openCheckout(newCheckout(), {});
  const parts = ['supervisor', 'audio-gateway', 'starter', 'simulators'] as const;
  assert.deepEqual(parts.map(checkout.address), [
    'http://127.0.0.1:8700',
    'http://127.0.0.1:8701',
    'http://127.0.0.1:8709',
    'http://127.0.0.1:8790',
  ]);
  assert.equal(checkout.problem, undefined);
});

test('ports come from the configuration; who listens everywhere is asked on loopback', () => {
  const checkout = openCheckout(newCheckout('http: { host: 0.0.0.0, ports: { supervisor: 9700 } }'), {});
  assert.equal(checkout.address('supervisor'), 'http://127.0.0.1:9700');
});

test('what is wrong beside the addresses is told, and the addresses hold', () => {
  const yaml = 'bot: 7\nhttp: { ports: { supervisor: 9700 } }\n';
  const checkout = openCheckout(newCheckout(yaml), {});
  assert.match(checkout.problem ?? '', /understudy\.yaml:1: bot: must be/);
  assert.equal(checkout.address('supervisor'), 'http://127.0.0.1:9700');
});

for (const [what, yaml, place] of [
  ['an address is wrong', 'http:\n  prots: {}\n', /understudy\.yaml:2: http\.prots: .*did you mean "ports"\?/],
  ['the file is no YAML', 'bot: main\n- 1\n', /understudy\.yaml:2:1: \/: not YAML/],
] as const) {
  test(`where ${what} and nothing runs, no address is guessed`, () => {
    const root = newCheckout(yaml);
    // Left by a start that was killed.
    record(root, { supervisor: 'http://127.0.0.1:9700' }, NOBODY);
    const checkout = openCheckout(root, {});
    assert.throws(() => checkout.address('supervisor'), { exitCode: 78, message: place });
    assert.equal(checkout.problem, undefined);
  });

  test(`where ${what}, the start that runs says where its parts are`, () => {
    const root = newCheckout(yaml);
    record(root, { supervisor: 'http://127.0.0.1:9700' });
    const checkout = openCheckout(root, {});
    assert.equal(checkout.address('supervisor'), 'http://127.0.0.1:9700');
    assert.match(checkout.problem ?? '', place);
  });

  test(`where ${what}, the parts of the stack are where they always are`, () => {
    const hosts = 'supervisor=supervisor audio-gateway=host.docker.internal';
    const checkout = openCheckout(newCheckout(yaml), { UNDERSTUDY_HOSTS: hosts });
    assert.equal(checkout.address('supervisor'), 'http://supervisor:8700');
    assert.equal(checkout.address('audio-gateway'), 'http://host.docker.internal:8701');
    assert.match(checkout.problem ?? '', place);
  });
}

test('what runs is asked where it listens, not where an edited file would have it', () => {
  const root = newCheckout('http: { ports: { supervisor: 9800, audio-gateway: 9801 } }');
  record(root, { supervisor: 'http://127.0.0.1:9700' });
  const checkout = openCheckout(root, {});
  assert.equal(checkout.address('supervisor'), 'http://127.0.0.1:9700');
  assert.equal(checkout.address('audio-gateway'), 'http://127.0.0.1:9801', 'the record of an older version says less');
  assert.equal(checkout.problem, undefined);
});

test('a file that was named and is not there is no reason to ask somebody else', () => {
  const root = newCheckout();
  record(root, { supervisor: 'http://127.0.0.1:9700' });
  const checkout = openCheckout(root, { UNDERSTUDY_CONFIG: 'mine.yaml' });
  const message = new RegExp(`${RegExp.escape(join(root, 'mine.yaml'))}:1: /: does not exist, and UNDERSTUDY_CONFIG`);
  assert.throws(() => checkout.address('supervisor'), { exitCode: 78, message });
  assert.equal(openCheckout(root, { UNDERSTUDY_CONFIG: '' }).address('supervisor'), 'http://127.0.0.1:9700');
});

test('the environment says where the parts are', () => {
  const checkout = openCheckout(newCheckout(), { UNDERSTUDY_HOSTS: 'supervisor=supervisor' });
  assert.equal(checkout.address('supervisor'), 'http://supervisor:8700');
});

test('the token of the checkout, or of the file that the environment names', () => {
  const root = newCheckout();
  assert.throws(() => openCheckout(root, {}).token(), {
    exitCode: 1,
    message: /\.understudy.token\. The first npm start makes it; /,
  });
  writeFileSync(join(root, '.understudy', 'token'), 'of-the-checkout\n');
  writeFileSync(join(root, 'other'), 'of-the-file');
  assert.equal(openCheckout(root, {}).token(), 'of-the-checkout');
  assert.equal(openCheckout(root, { UNDERSTUDY_TOKEN_FILE: join(root, 'other') }).token(), 'of-the-file');
});
