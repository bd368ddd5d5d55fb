import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { hostEnvironment } from './host-environment.ts';
import { LAYOUT_VERSION } from './layout-version.ts';
import { runSetup } from './run-setup.ts';
import { SetupError } from './setup-error.ts';

const MOUNTED = [
  'setup-state',
  'nats-config',
  'nats-data',
  'redis-config',
  'simulators-config',
  'llm-service-secrets',
  'audio-gateway-secrets',
  'cv-service-secrets',
  'prometheus-config',
  'alertmanager-config',
  'alertmanager-secrets',
  'grafana-secrets',
];
const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
const env = { UNDERSTUDY_HOSTS: 'supervisor=supervisor llm-service=llm-service simulators=simulators' };

let root: string;
let said: string[];
const at = (...path: string[]): string => join(root, ...path);
const volume = (...path: string[]): string => readFileSync(at('volumes', ...path), 'utf8');
const configure = (yaml: string): void => writeFileSync(at('understudy.yaml'), yaml);
const secret = (name: string, text: string): void => writeFileSync(at('secrets', name), `${text}\n`);
const setUp = (options: { rotate?: boolean } = {}): void => {
  said = [];
  runSetup({
    configFile: { path: at('understudy.yaml'), isNamed: false },
    secretsFolder: at('secrets'),
    volumes: at('volumes'),
    owner,
    stack: 'full',
    rotate: options.rotate ?? false,
    env,
    say: (line) => void said.push(line),
  });
};
const everything = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(at('volumes'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file.slice(at('volumes').length + 1), readFileSync(file, 'utf8')]),
  );

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'setup-'));
  for (const name of MOUNTED) mkdirSync(at('volumes', name), { recursive: true });
  mkdirSync(at('secrets'));
  configure('');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the setup of the stack', () => {
  it('gives each consumer what it needs and nothing else, readable by its owner alone', () => {
    setUp();
    assert.deepEqual(readdirSync(at('volumes', 'llm-service-secrets')).sort(), ['nats_password', 'redis_url', 'token']);
    const password = volume('llm-service-secrets', 'nats_password');
    assert.match(volume('nats-config', 'nats.conf'), new RegExp(`user: "llm-service", password: "${password}"`));
    assert.match(
      volume('redis-config', 'redis.conf'),
      new RegExp(`requirepass "${volume('redis-config', 'password')}"`),
    );
    assert.equal(volume('alertmanager-secrets', 'supervisor_token'), volume('llm-service-secrets', 'token'));
    const simulated = JSON.parse(volume('simulators-config', 'simulators.json')) as Record<string, unknown>;
    assert.deepEqual(simulated['control'], { port: 8790, allowedHosts: ['simulators'] });
    assert.equal(statSync(at('volumes', 'llm-service-secrets', 'token')).mode & 0o777, 0o400);
    assert.equal(statSync(at('volumes', 'llm-service-secrets')).mode & 0o777, 0o700);
  });

  it('keeps everything at the next up, and renews every credential when they are rotated', () => {
    setUp();
    const first = everything();
    setUp();
    assert.deepEqual(everything(), first);
    assert.ok(said.includes('0 files changed'), said.join('\n'));
    setUp({ rotate: true });
    const renewed = everything();
    const changed = Object.keys(renewed).filter((file) => renewed[file] !== first[file]);
    const holdOne = /credentials\/|-secrets\/|^nats-config\/|^redis-config\//;
    assert.deepEqual(
      changed,
      Object.keys(first).filter((file) => holdOne.test(file)),
    );
  });

  it('refuses a wrong configuration with file, line and remedy, before anything is written', () => {
    configure('http:\n  ports: { supervisr: 9000 }\n');
    assert.throws(setUp, (error: Error) => {
      assert.ok(error instanceof SetupError);
      assert.match(error.message, /understudy\.yaml:2: http\.ports\.supervisr: .*supervisor/);
      return true;
    });
    assert.deepEqual(everything(), {});
  });

  it('switches a receiver on by its file, and off when the file is gone', () => {
    secret('discord', 'https://discord.example/hook');
    setUp();
    assert.equal(volume('alertmanager-secrets', 'discord'), 'https://discord.example/hook');
    const config = volume('alertmanager-config', 'alertmanager.yml');
    assert.match(config, /webhook_url_file: \/run\/understudy-secrets\/discord/);
    assert.doesNotMatch(config, /discord\.example/);
    rmSync(at('secrets', 'discord'));
    setUp();
    assert.deepEqual(readdirSync(at('volumes', 'alertmanager-secrets')), ['supervisor_token']);
    assert.doesNotMatch(volume('alertmanager-config', 'alertmanager.yml'), /understudy-secrets\/discord/);
  });

  it('says what lies in secrets/ and is of no use, and refuses what is no address', () => {
    mkdirSync(at('secrets', 'slack'));
    writeFileSync(at('secrets', 'discord'), '\n');
    symlinkSync('/nowhere', at('secrets', 'ntfy'));
    secret('discord.txt', 'https://discord.example/hook');
    setUp();
    const warnings = said.filter((line) => line.startsWith('warning')).sort();
    assert.equal(warnings.length, 4, warnings.join('\n'));
    assert.match(
      warnings.join('\n'),
      /discord is empty.*\n.*discord\.txt is used by nothing: receivers are discord, .*\n.*ntfy cannot be read.*\n.*slack is no file/,
    );
    rmSync(at('secrets', 'ntfy'));
    secret('ntfy', '"my-topic"');
    assert.throws(setUp, (error: Error) => {
      assert.match(error.message, /secrets\/ntfy holds no address/);
      assert.doesNotMatch(error.message, /my-topic/);
      return true;
    });
  });

  it('refuses a configuration that the services could not read', () => {
    chmodSync(at('understudy.yaml'), 0o200);
    assert.throws(setUp, /cannot be read by the services \(user \d+\); run chmod a\+r/);
  });

  it('refuses a receiver that lacks its address', () => {
    secret('telegram', '1:token');
    assert.throws(setUp, /chat_id/);
  });

  it('gives a key of a provider to the service that calls it, and says what a container cannot see', () => {
    secret('openai', 'sk-1');
    secret('other', 'sk-2');
    configure(`
llm:
  providers:
    - { name: cloud, base_url: https://a.example/v1, model: m, api_key_file: secrets/openai }
    - { name: env, base_url: https://b.example/v1, model: m, api_key_env: B_KEY }
    - { name: far, base_url: https://c.example/v1, model: m, api_key_file: /home/me/key }
    - { name: gone, base_url: https://d.example/v1, model: m, api_key_file: secrets/gone }
`);
    setUp();
    assert.equal(volume('llm-service-secrets', 'openai'), 'sk-1');
    assert.deepEqual(
      Object.keys(everything()).filter((file) => /openai|other/.test(file)),
      ['llm-service-secrets/openai'],
    );
    const warnings = said.filter((line) => line.startsWith('warning'));
    assert.equal(warnings.length, 4);
    assert.match(warnings.join('\n'), /provider env: api_key_env B_KEY .*api_key_file: secrets\/NAME/);
    assert.match(warnings.join('\n'), /provider far: .*move it to secrets\/key/);
    assert.match(warnings.join('\n'), /provider gone: there is no secrets\/gone/);
  });

  it('gives the password of OBS to the cv-service alone, and the key of the moderation service to the llm-service', () => {
    secret('obs', 'pw-1');
    secret('moderation', 'sk-2');
    configure(`
vision: { source: { kind: obs, password_file: secrets/obs } }
llm: { moderation: { endpoint: { base_url: https://a.example/v1, api_key_file: secrets/moderation } } }
`);
    setUp();
    assert.deepEqual(
      Object.keys(everything()).filter((file) => /\/(obs|moderation)$/.test(file)),
      ['cv-service-secrets/obs', 'llm-service-secrets/moderation'],
    );
  });

  it('reads the volumes of this layout and leaves those of a newer one alone', () => {
    setUp();
    const before = everything();
    writeFileSync(at('volumes', 'setup-state', 'layout-version'), String(LAYOUT_VERSION + 1));
    assert.throws(setUp, /written by a newer Understudy \(layout 2, this one knows 1\)\. Nothing was changed\./);
    assert.deepEqual(everything(), { ...before, 'setup-state/layout-version': '2' });
  });

  it('hands a service that runs on the host its addresses and credentials', () => {
    setUp();
    const lines = hostEnvironment('audio-gateway', at('volumes'), { UNDERSTUDY_NATS_PORT: '5000' }).split('\n');
    assert.ok(lines.includes('UNDERSTUDY_NATS_URL=nats://127.0.0.1:5000'), lines.join('\n'));
    assert.ok(lines.includes(`UNDERSTUDY_TOKEN=${volume('llm-service-secrets', 'token')}`));
    assert.throws(() => hostEnvironment('supervisor', at('volumes'), {}), /"supervisor" cannot run on the host/);
    assert.throws(() => hostEnvironment('osc-bridge', at('volumes'), {}), /run docker compose up once/);
  });
});
