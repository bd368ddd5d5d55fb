import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { START_ORDER } from '@understudy/shared/contracts';
import { ensureServers } from '../../../scripts/ensure-servers.ts';
import { type StartEvent, type StartOptions, StartRefusedError, startUnderstudy, type Understudy } from './index.ts';
import { awaitAnswer } from './servers/await-answer.ts';
import { isAlive } from './testing/processes.ts';
import { createTinyCheckout, type TinyCheckout } from './testing/tiny-checkout.ts';
import { until } from './testing/until.ts';

const PARTS = ['nats', 'redis', 'simulators', ...START_ORDER];
const states = (understudy: Understudy) =>
  Object.fromEntries(understudy.report().parts.map(({ name, state }) => [name, state]));
const greets = (port: number) =>
  awaitAnswer({ host: '127.0.0.1', port, say: '', answer: /^INFO \{/ }, AbortSignal.timeout(30_000), 30_000);

/** A checkout, gone with its test together with what was started from it, whatever comes of the test. */
async function checkoutFor(t: TestContext) {
  const checkout = await createTinyCheckout();
  const started: Understudy[] = [];
  t.after(async () => {
    for (const understudy of started) await understudy.stop('now');
    checkout.remove();
  });
  const start = (options: Omit<StartOptions, 'root'> = {}): Understudy => {
    const understudy = startUnderstudy({ root: checkout.root, ...options });
    started.push(understudy);
    return understudy;
  };
  return { ...checkout, start };
}

describe('a start', () => {
  let checkout: TinyCheckout;
  let understudy: Understudy;
  const events: StartEvent[] = [];

  before(async () => {
    checkout = await createTinyCheckout();
    understudy = startUnderstudy({ root: checkout.root, faults: true, onEvent: (event) => events.push(event) });
    await understudy.ready;
  });
  after(async () => {
    await understudy.stop();
    checkout.remove();
  });

  test('brings up servers, simulators and services, in this order', () => {
    assert.deepEqual(
      understudy.report().parts.map(({ name, state }) => `${name} ${state}`),
      PARTS.map((name) => `${name} ready`),
    );
    assert.deepEqual(Object.keys(understudy.pids()), PARTS);
    assert.deepEqual(
      checkout.story().slice(0, 5),
      START_ORDER.map((name) => `${name} started`),
    );
  });

  test('hands each service what the skeleton reads, secrets as files for their owner alone', () => {
    const environment = checkout.environmentOf('llm-service');
    const state = join(checkout.root, '.understudy');
    const given = Object.fromEntries(Object.entries(environment).filter(([name]) => name.startsWith('UNDERSTUDY_')));
    assert.deepEqual(given, {
      UNDERSTUDY_DATA: join(state, 'data'),
      UNDERSTUDY_LOGS: join(checkout.root, 'logs'),
      UNDERSTUDY_NATS_URL: `nats://127.0.0.1:${checkout.ports.nats}`,
      UNDERSTUDY_NATS_PASSWORD_FILE: join(state, 'secrets', 'nats-llm-service.password'),
      UNDERSTUDY_TOKEN_FILE: join(state, 'token'),
      UNDERSTUDY_REDIS_URL_FILE: join(state, 'secrets', 'redis.url'),
      UNDERSTUDY_FAULTS: 'on',
      UNDERSTUDY_CONSOLE: 'off',
    });
    const secrets = readdirSync(join(state, 'secrets')).map((file) => join(state, 'secrets', file));
    for (const file of [...secrets, join(state, 'token')])
      if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600, file);
  });

  test('a killed service runs again, with another process', async () => {
    const before = understudy.pids()['cv-service'];
    understudy.kill('cv-service');
    await until('cv-service is ready again', () => {
      const pid = understudy.pids()['cv-service'];
      return pid !== undefined && pid !== before && states(understudy)['cv-service'] === 'ready';
    });
    const told = events.filter((event) => event.type === 'process' && event.name === 'cv-service');
    assert.deepEqual(
      told.map((event) => (event.type === 'process' ? event.state.state : '')),
      ['starting', 'ready', 'waiting', 'starting', 'ready'],
    );
  });

  test('nats_down, asked over HTTP with the token, takes the server away and brings it back after its time', async () => {
    const before = understudy.pids()['nats'];
    const token = readFileSync(join(checkout.root, '.understudy', 'token'), 'utf8');
    const ask = (authorization: string) =>
      fetch(`http://127.0.0.1:${checkout.ports.starter}/v1/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ fault: 'nats_down', durationMs: 400 }),
      });
    assert.equal((await ask('Bearer wrong')).status, 401);
    assert.equal(understudy.pids()['nats'], before);

    const response = await ask(`Bearer ${token}`);
    assert.deepEqual(
      { status: response.status, body: await response.json() },
      {
        status: 200,
        body: { injected: 'nats_down', durationMs: 400 },
      },
    );
    await until('another NATS is ready', () => {
      const pid = understudy.pids()['nats'];
      return pid !== undefined && pid !== before && states(understudy)['nats'] === 'ready';
    });
    const away = events.find(
      (event) => event.type === 'process' && event.name === 'nats' && event.state.state === 'waiting',
    );
    assert(away?.type === 'process' && away.state.state === 'waiting');
    assert.equal(away.state.why, 'killed by SIGKILL');
    assert(away.state.delayMs > 100, `waits out the fault (${away.state.delayMs} ms), not only the backoff`);
    await greets(checkout.ports.nats);
  });

  test('a second start of the same folder says that one runs, and touches nothing', async () => {
    const before = understudy.pids();
    await assert.rejects(startUnderstudy({ root: checkout.root }).ready, (error: unknown) => {
      assert(error instanceof StartRefusedError);
      assert.equal(error.exitCode, 1);
      assert.match(
        error.message,
        new RegExp(`runs here already: process ${process.pid}, since .*\\n.*npx understudy status`),
      );
      return true;
    });
    assert.deepEqual(understudy.pids(), before);
  });

  test('stops everything in reverse order, drained, nothing left running', async () => {
    const pids = Object.values(understudy.pids());
    const before = checkout.story().length;
    await understudy.stop();
    assert.deepEqual(
      checkout.story().slice(before),
      START_ORDER.toReversed().map((name) => `${name} drained`),
    );
    assert.deepEqual(pids.filter(isAlive), []);
    assert.deepEqual(
      readdirSync(join(checkout.root, '.understudy', 'run')).filter((file) => file.endsWith('.json')),
      [],
    );
  });
});

describe('a start that cannot go on', () => {
  test('a wrong configuration: the place and the remedy, exit 78, nothing started', async (t) => {
    const checkout = await checkoutFor(t);
    const configFile = join(checkout.root, 'wrong.yaml');
    writeFileSync(configFile, 'logging:\n  levle: INFO\n');
    await assert.rejects(checkout.start({ configFile }).ready, (error: unknown) => {
      assert(error instanceof StartRefusedError);
      assert.equal(error.exitCode, 78);
      assert.match(error.message, /nothing was started\.\n.*wrong\.yaml:2: logging\.levle: .*did you mean "level"\?/);
      return true;
    });
    assert.equal(existsSync(join(checkout.root, '.understudy')), false);
  });

  test('a port in use: the port, its owner and the setting; nothing started', async (t) => {
    const checkout = await checkoutFor(t);
    const squatter = createServer();
    t.after(() => squatter.close());
    await new Promise<void>((resolve) => squatter.listen(checkout.ports.redis, '127.0.0.1', resolve));
    await assert.rejects(checkout.start().ready, (error: unknown) => {
      assert(error instanceof StartRefusedError);
      assert.equal(error.exitCode, 1);
      const owner = process.platform === 'linux' ? `.*node.* \\(process ${process.pid}\\)` : '';
      assert.match(
        error.message,
        new RegExp(`TCP port ${checkout.ports.redis} \\(redis\\.port\\) is held by ${owner}.*set redis\\.port`),
      );
      return true;
    });
    assert.equal(existsSync(checkout.dataFolder), false);
  });

  test('without nats-server: the commands that install it', async (t) => {
    const checkout = await checkoutFor(t);
    const servers = await ensureServers({ folders: [], install: async () => {} });
    await assert.rejects(checkout.start({ servers }).ready, (error: unknown) => {
      assert(error instanceof StartRefusedError);
      assert.match(error.message, /^nats-server 2\.9\.10 or newer is not on PATH\.\nInstall it:/);
      return true;
    });
  });
});

test('without redis-server it starts, and says so', async (t) => {
  const checkout = await checkoutFor(t);
  const { nats } = await ensureServers();
  const { redis } = await ensureServers({ folders: [], install: async () => {} });
  const notes: string[] = [];
  const understudy = checkout.start({
    servers: { nats, redis },
    onEvent: (event) => event.type === 'note' && notes.push(event.text),
  });
  const { parts } = await understudy.ready;
  assert.deepEqual(parts[1], { name: 'redis', state: 'absent', address: 'in-process cache instead' });
  assert.match(notes.join('\n'), /redis-server is not on PATH\. The bot runs with an in-process cache/);
  assert.equal(checkout.environmentOf('llm-service')['UNDERSTUDY_REDIS_URL_FILE'], undefined);
});

test('a service that refuses its configuration is not started again, and the others run', async (t) => {
  const checkout = await checkoutFor(t);
  checkout.replaceService('osc-bridge', 'console.error("config:3: vrchat.host: must be a string"); process.exit(78);');
  const understudy = checkout.start();
  await understudy.ready;
  const { 'osc-bridge': refused, ...others } = states(understudy);
  assert.equal(refused, 'refused');
  assert.deepEqual([...new Set(Object.values(others))], ['ready']);
});

test('a start that is killed: its services end by themselves, its servers are ended by the next start', async (t) => {
  const checkout = await checkoutFor(t);
  const script = `
    import { startUnderstudy } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
    const understudy = startUnderstudy({ root: ${JSON.stringify(checkout.root)} });
    await understudy.ready;
    console.log(JSON.stringify(understudy.pids()));
    setInterval(() => {}, 1000);`;
  const starter = spawn(process.execPath, ['--input-type=module', '--no-warnings', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => starter.kill('SIGKILL'));
  const [line] = await once(starter.stdout, 'data');
  const pids: Record<string, number> = JSON.parse(String(line));
  starter.kill('SIGKILL');
  const { nats = 0, redis = 0, ...own } = pids;
  await until('the services have ended', () => Object.values(own).every((pid) => !isAlive(pid)));
  assert.deepEqual([isAlive(nats), isAlive(redis)], [true, true]);

  const notes: string[] = [];
  const next = checkout.start({
    onEvent: (event) => event.type === 'note' && notes.push(event.text),
  });
  await next.ready;
  assert.deepEqual(notes, [
    'ended what a start that died had left running: nats, redis',
    'starting the servers, the simulators and the services, one after the other',
  ]);
  assert.deepEqual([isAlive(nats), isAlive(redis)], [false, false]);
});
