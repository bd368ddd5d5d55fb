import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { hostEnvironmentFile } from '@understudy/cli';
import { freePorts, waitFor } from '@understudy/shared/testing';
import { ROOT, run } from './docker.ts';
import { describeOnEngine } from './on-engine.ts';
import { type ComposeStack, createStack, getJson, LIMIT_MS } from './stack.ts';

const SERVICE = 'cv-service';
const ENVIRONMENT_FILE = hostEnvironmentFile(ROOT, SERVICE);

interface Targets {
  readonly data: {
    readonly activeTargets: readonly {
      readonly scrapeUrl: string;
      readonly health: string;
      readonly lastError: string;
    }[];
  };
}

describeOnEngine('one service on this machine beside the stack', () => {
  let stack: ComposeStack;
  let port: number;
  let env: NodeJS.ProcessEnv;
  let host: ChildProcess | undefined;
  let said = '';
  /** The checkout's own, given back at the end. */
  const kept = existsSync(ENVIRONMENT_FILE) ? readFileSync(ENVIRONMENT_FILE) : undefined;

  before(async () => {
    [port = 0] = await freePorts(1);
    const config = { http: { ports: { [SERVICE]: port } } };
    // What `host-env` says shall stand in .env.
    const outside = { UNDERSTUDY_CV_SERVICE_HOST: 'host.docker.internal', UNDERSTUDY_CV_SERVICE_REPLICAS: '0' };
    stack = await createStack({ config, env: outside });
    await stack.build();
    await stack.up();
    const configFile = join(stack.files.folder, 'host.yaml');
    const simulators = { camera_port: Number(stack.env['UNDERSTUDY_SIMULATED_CAMERA_PORT']) };
    writeFileSync(configFile, JSON.stringify({ ...config, simulators }));
    env = { ...stack.env, UNDERSTUDY_CONFIG: configFile };
  });
  after(async () => {
    if (host?.exitCode === null) host.kill('SIGKILL');
    await stack.close();
    if (kept === undefined) rmSync(ENVIRONMENT_FILE, { force: true });
    else writeFileSync(ENVIRONMENT_FILE, kept, { mode: 0o600 });
  });

  const stateOf = async () => {
    const status = await stack.client.status();
    return status.services.find(({ name }) => name === SERVICE)?.state;
  };

  test('host-env writes what it needs, for its owner alone', async () => {
    const { code, stdout, stderr } = await run('node', ['scripts/bootstrap.mjs', 'understudy', 'host-env', SERVICE], {
      env,
    });
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /UNDERSTUDY_CV_SERVICE_HOST=host\.docker\.internal/);
    assert.match(stdout, /npm start -- --service cv-service/);
    const lines = readFileSync(ENVIRONMENT_FILE, 'utf8').split('\n');
    assert.ok(lines.includes(`UNDERSTUDY_NATS_URL=nats://127.0.0.1:${stack.portOf('nats')}`), 'the address of NATS');
  });

  test('npm start -- --service lets it join: heard, measured, and part of the bot', async () => {
    host = spawn('node', ['scripts/bootstrap.mjs', 'start', '--service', SERVICE], { cwd: ROOT, env });
    for (const stream of [host.stdout, host.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await waitFor(async () => (await stateOf()) === 'ready', `${SERVICE} to be heard; it said: ${said}`, LIMIT_MS);
    await stack.waitForCalm();
    assert.match((await stack.understudy('status')).stdout, /HEALTHY/);
    const { mode, message } = await stack.ask('What do you see?');
    assert.deepEqual({ mode, isSaid: message.length > 0 }, { mode: 'full', isSaid: true });
  });

  test('Prometheus reads its metrics on this machine', async () => {
    await waitFor(
      async () => {
        const { data } = await getJson<Targets>(stack.url('prometheus', '/api/v1/targets'));
        return data.activeTargets.some(
          ({ scrapeUrl, health }) => scrapeUrl === `http://host.docker.internal:${port}/metrics` && health === 'up',
        );
      },
      'its target to be up',
      LIMIT_MS,
    );
  });

  test('its log is in the folder of the checkout that is shipped', () => {
    const lines = readFileSync(join(ROOT, 'logs', `${SERVICE}.log`), 'utf8');
    assert.match(lines, new RegExp(`"port":${port}`));
  });

  test('Ctrl-C ends it, and the bot goes on without it', async () => {
    assert.ok(host);
    const ended = once(host, 'exit');
    host.kill('SIGINT');
    assert.deepEqual(await ended, [0, null], said);
    const { message } = await stack.ask('Are you still there?');
    assert.ok(message.length > 0);
  });
});
