import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { readEnvironment, readSecret } from './service-environment.ts';

const NEEDED = {
  UNDERSTUDY_NATS_URL: 'nats://127.0.0.1:4222',
  UNDERSTUDY_NATS_PASSWORD: 'of-nats',
  UNDERSTUDY_TOKEN: 'of-the-bot',
};

describe('the environment of a service', () => {
  it('needs an address, a password and the token; the rest has defaults', () => {
    assert.deepEqual(readEnvironment('osc-bridge', NEEDED), {
      configFile: { path: resolve('config/understudy.yaml'), isNamed: false },
      dataFolder: join('.understudy/data', 'osc-bridge'),
      logsFolder: undefined,
      natsUrl: 'nats://127.0.0.1:4222',
      natsPassword: 'of-nats',
      redisUrl: undefined,
      token: 'of-the-bot',
      faultsEnabled: false,
      console: undefined,
      otlpEndpoint: undefined,
      alertmanagerUrl: undefined,
    });
  });

  it('takes everything that a starter hands over', () => {
    const given = {
      ...NEEDED,
      UNDERSTUDY_CONFIG: '/c/understudy.yaml',
      UNDERSTUDY_DATA: '/data',
      UNDERSTUDY_LOGS: '/logs',
      UNDERSTUDY_REDIS_URL: 'redis://127.0.0.1:6379',
      UNDERSTUDY_FAULTS: 'on',
      UNDERSTUDY_CONSOLE: 'pretty',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
      UNDERSTUDY_ALERTMANAGER_URL: 'http://127.0.0.1:9093',
    };
    assert.deepEqual(readEnvironment('osc-bridge', given), {
      configFile: { path: resolve('/c/understudy.yaml'), isNamed: true },
      dataFolder: join('/data', 'osc-bridge'),
      logsFolder: '/logs',
      natsUrl: 'nats://127.0.0.1:4222',
      natsPassword: 'of-nats',
      redisUrl: 'redis://127.0.0.1:6379',
      token: 'of-the-bot',
      faultsEnabled: true,
      console: 'pretty',
      otlpEndpoint: 'http://127.0.0.1:4318',
      alertmanagerUrl: 'http://127.0.0.1:9093',
    });
  });

  for (const name of Object.keys(NEEDED)) {
    it(`says that ${name} is missing, and who sets it`, () => {
      const expected = `${name} (or ${name}_FILE) is not set; osc-bridge is started by npm start or docker compose up`;
      for (const value of [undefined, '']) {
        assert.throws(() => readEnvironment('osc-bridge', { ...NEEDED, [name]: value }), { message: expected });
      }
    });
  }

  it('says what is no address, without repeating it: it may hold a password', () => {
    const addresses = ['UNDERSTUDY_NATS_URL', 'UNDERSTUDY_REDIS_URL', 'OTEL_EXPORTER_OTLP_ENDPOINT'];
    for (const name of [...addresses, 'UNDERSTUDY_ALERTMANAGER_URL']) {
      assert.throws(
        () => readEnvironment('osc-bridge', { ...NEEDED, [name]: 'user:planted@' }),
        (error: Error) => {
          assert.match(error.message, new RegExp(`^${name} is not an address; write it like [a-z]+://127.0.0.1:\\d+$`));
          return true;
        },
      );
    }
  });

  it('switches faults on by `on` alone', () => {
    for (const value of ['', 'off', 'true', 'ON'])
      assert.equal(readEnvironment('osc-bridge', { ...NEEDED, UNDERSTUDY_FAULTS: value }).faultsEnabled, false);
  });
});

describe('a secret', () => {
  const folder = mkdtempSync(join(tmpdir(), 'secret-'));

  it('is the content of the file that NAME_FILE names, before the variable', () => {
    const file = join(folder, 'key');
    writeFileSync(file, 'from-the-file\n');
    assert.equal(readSecret('KEY', { KEY_FILE: file, KEY: 'from-the-variable' }), 'from-the-file');
    assert.equal(readSecret('KEY', { KEY: 'from-the-variable' }), 'from-the-variable');
    assert.equal(readSecret('KEY', {}), undefined);
  });

  it('says which file is not there, or cannot be read', () => {
    const missing = join(folder, 'missing');
    assert.throws(() => readSecret('KEY', { KEY_FILE: missing }), {
      message: `KEY_FILE names ${missing}, which does not exist; npm start makes it`,
    });
    assert.throws(() => readSecret('KEY', { KEY_FILE: missing, UNDERSTUDY_HOSTS: 'supervisor=supervisor' }), {
      message: `KEY_FILE names ${missing}, which does not exist; docker compose up -d makes it`,
    });
    assert.throws(() => readSecret('KEY', { KEY_FILE: folder }), {
      message: `KEY_FILE names ${folder}, which cannot be read; check its permissions`,
    });
  });
});
