import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type ErrorEvent, type Heartbeat, kvKeys, type RecoveryCommand } from '../contracts/index.ts';
import { createHub, type Hub } from '../messaging/index.ts';
import { freePort } from '../testing/free-ports.ts';
import { startNats, type TestNats } from '../testing/start-nats.ts';
import { startProcess, type TestProcess } from '../testing/start-process.ts';
import { waitFor } from '../testing/wait-for.ts';

const FIXTURE = fileURLToPath(new URL('../testing/minimal-service.fixture.ts', import.meta.url));
const TOKEN = 'a-token-of-the-test';

describe('the skeleton of a service', () => {
  let nats: TestNats;
  let hub: Hub;
  let folder: string;
  let url: string;
  let running: TestProcess | undefined;
  const errors: ErrorEvent[] = [];
  const heartbeats: Heartbeat[] = [];

  const start = async (change: { yaml?: string; more?: string } = {}): Promise<TestProcess> => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const configFile = join(folder, 'understudy.yaml');
    writeFileSync(configFile, change.yaml ?? `http: { ports: { osc-bridge: ${port} } }\n${change.more ?? ''}`);
    running = startProcess(FIXTURE, {
      UNDERSTUDY_CONFIG: configFile,
      UNDERSTUDY_DATA: folder,
      UNDERSTUDY_LOGS: join(folder, 'logs'),
      UNDERSTUDY_NATS_URL: nats.url,
      UNDERSTUDY_NATS_PASSWORD: nats.passwords['osc-bridge'],
      UNDERSTUDY_TOKEN: TOKEN,
      UNDERSTUDY_FAULTS: 'on',
    });
    return running;
  };
  const command = (verb: string, args: Record<string, unknown> = {}) => {
    const request: RecoveryCommand = {
      id: `test-${crypto.randomUUID()}`,
      service: 'osc-bridge',
      verb,
      args,
      deadlineMs: 30_000,
    };
    return hub.request('osc-bridge', request);
  };
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}`, ...headers },
      body: JSON.stringify(body),
    });
  const errorWith = (code: string) => waitFor(() => errors.find((event) => event.code === code), `the error ${code}`);

  before(async () => {
    nats = await startNats();
    hub = createHub({
      bot: 'main',
      address: nats.address('supervisor'),
      spoolFile: join(mkdtempSync(join(tmpdir(), 'spool-')), 'spool.jsonl'),
      onRejected: () => {},
      onHandlerError: () => {},
    });
    hub.consumeErrors(async (event) => void errors.push(event));
    hub.onHeartbeat((heartbeat) => void heartbeats.push(heartbeat));
    await hub.ready;
    folder = mkdtempSync(join(tmpdir(), 'service-'));
  });
  afterEach(async () => {
    running?.kill('SIGKILL');
    await running?.ended;
    errors.length = 0;
    heartbeats.length = 0;
    folder = mkdtempSync(join(tmpdir(), 'service-'));
  });
  after(async () => {
    await hub.close();
    await nats.stop();
  });

  it('prints its lines as the configuration says', async () => {
    const process = await start({ more: 'logging: { format: pretty }\n' });
    await process.said('ready');
    await waitFor(() => /^\S+ INFO +osc-bridge\S* +Ready/m.test(process.output()), 'the line for people');
  });

  it('starts, serves, beats, answers commands, and drains', async () => {
    const process = await start();
    await process.said('ready');
    assert.equal((await fetch(`${url}/livez`)).status, 200);
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
    assert.match(await (await fetch(`${url}/metrics`)).text(), /understudy_build_info\{.*service="osc-bridge"/);
    const beat = await waitFor(() => heartbeats.find(({ state }) => state === 'ready'), 'a heartbeat');
    assert.deepEqual(beat.observed, { act: { level: 'full', by: 'fixture' } });

    const outcomes = await Promise.all([
      command('probe', { what: 'osc-echo', subject: 'vrchat' }),
      command('probe', { what: 'input-frames' }),
      command('release-inputs'),
      command('shed', { what: 'caches' }),
      command('dance'),
      command('probe', { what: 'mood' }),
    ]);
    assert.deepEqual(
      outcomes.map(({ outcome, detail }) => `${outcome}: ${detail}`),
      [
        'done: echo of vrchat',
        'failed: osc-bridge has no probe input-frames',
        'failed: nothing was held',
        'done: caches given back',
        'refused: osc-bridge does not know dance now',
        'refused: probe: /what: must be equal to one of the allowed values',
      ],
    );
    process.kill('SIGTERM');
    assert.deepEqual(await process.ended, { code: 0, signal: null });
    await waitFor(() => heartbeats.some(({ state }) => state === 'draining'), 'the last heartbeat');
    assert.match(readFileSync(join(folder, 'logs', 'osc-bridge.log'), 'utf8'), /"message":"Stopped by the skeleton"/);
  });

  it('lets no page of a browser in', async () => {
    await (await start()).said('ready');
    const fault = { fault: 'crash', durationMs: 1 };
    const attempts = await Promise.all([
      post('/v1/faults', fault, { origin: 'https://evil.example' }),
      post('/v1/faults', fault, { authorization: '' }),
      post('/v1/faults', fault, { authorization: 'Bearer guess' }),
      fetch(`${url}/v1/faults`, {
        method: 'POST',
        body: JSON.stringify(fault),
        headers: { 'content-type': 'text/plain' },
      }),
      fetch(`${url}/v1/faults`, { method: 'POST', body: new URLSearchParams({ fault: 'crash' }) }),
      post('/v1/faults', { fault: 'make_coffee', durationMs: 1 }),
    ]);
    assert.deepEqual(
      attempts.map(({ status }) => status),
      [403, 401, 401, 415, 415, 400],
    );
    const rebound = await import('node:http').then(
      ({ request }) =>
        new Promise<number | undefined>((resolve) =>
          request(`${url}/metrics`, { headers: { host: 'evil.example' } }, (response) => {
            response.resume();
            resolve(response.statusCode);
          }).end(),
        ),
    );
    assert.equal(rebound, 403);
    assert.match(await (await fetch(`${url}/metrics`)).text(), /understudy_bad_input_total\{.*reason="origin".*\} 1/);
  });

  it('is ended by its watchdog when its loop is blocked, and says where', async () => {
    const process = await start();
    await process.said('ready');
    await post('/v1/faults', { fault: 'event_loop_blocked', durationMs: 60_000 });
    assert.deepEqual(await process.ended, { code: null, signal: 'SIGKILL' });
    await (await start()).said('ready');
    const event = await errorWith('EVENT_LOOP_BLOCKED');
    assert.match(event.message, /^osc-bridge was blocked for \d+ ms in (.*faults\.ts|native code)/);
    assert.equal(
      errors.some(({ code }) => code === 'SERVICE_CRASHED'),
      false,
    );
  });

  it('reports at its next start that it crashed', async () => {
    const process = await start();
    await process.said('ready');
    await post('/v1/faults', { fault: 'crash', durationMs: 1 });
    assert.deepEqual(await process.ended, { code: 1, signal: null });
    await (await start()).said('ready');
    await errorWith('SERVICE_CRASHED');
    // What killed it was on disk before it ended.
    assert.equal((await errorWith('UNEXPECTED_ERROR')).message, 'a crash on purpose');
  });

  it('idles while parked and ends on resume, so that a fresh process opens what it opens', async () => {
    const until = new Date(Date.now() + 600_000).toISOString();
    await hub.writeKey(kvKeys.parked('osc-bridge'), { until, reason: 'test' });
    const process = await start();
    await process.said('ready');
    assert.equal((await fetch(`${url}/readyz`)).status, 503);
    await waitFor(() => heartbeats.some(({ state }) => state === 'parked'), 'the parked heartbeat');
    assert.equal((await command('probe', { what: 'alive' })).outcome, 'failed');
    assert.equal((await command('reconnect')).outcome, 'refused');
    await hub.deleteKey(kvKeys.parked('osc-bridge'));
    assert.equal((await command('resume')).outcome, 'done');
    assert.deepEqual(await process.ended, { code: 0, signal: null });
    const next = await start();
    await next.said('ready');
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
  });

  it('starts without NATS and catches up', async () => {
    await nats.kill();
    const process = await start();
    await process.said('ready');
    process.kill('SIGKILL');
    await process.ended;
    const again = await start();
    await again.said('ready');
    await nats.start();
    await errorWith('SERVICE_CRASHED');
    await waitFor(async () => (await hub.readKey(kvKeys.observed('osc-bridge'))) !== undefined, 'the observed key');
  });

  it('refuses a wrong configuration with its place and 78, and keeps the last good one on a reload', async () => {
    const refused = await start({ yaml: 'logging:\n  levle: INFO\n' });
    assert.deepEqual(await refused.ended, { code: 78, signal: null });
    assert.match(refused.output(), /understudy\.yaml:2: logging\.levle: unknown name; did you mean "level"\?/);

    const process = await start();
    await process.said('ready');
    const file = join(folder, 'understudy.yaml');
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, 'http: [\n');
    const { outcome, detail } = await command('reload');
    assert.equal(outcome, 'failed');
    assert.match(detail, /understudy\.yaml:2:1: \/: not YAML: /);
    assert.equal((await errorWith('CONFIGURATION_INVALID')).message, detail);
    assert.equal((await command('probe', { what: 'configuration' })).outcome, 'failed');
    writeFileSync(file, good);
    assert.equal((await command('reload')).outcome, 'done');
    assert.equal((await command('probe', { what: 'configuration' })).outcome, 'done');
  });

  it('idles with a wrong configuration once its starts are spent: a container runtime would start it for ever', async () => {
    const now = Date.now();
    mkdirSync(join(folder, 'osc-bridge'), { recursive: true });
    const starts = Array.from({ length: 10 }, (_, index) => now - index);
    writeFileSync(join(folder, 'osc-bridge', 'ledger.json'), JSON.stringify({ starts, endedCleanly: true }));
    const process = await start({ yaml: 'logging:\n  levle: INFO\n' });
    await waitFor(() => /Too many starts with it: idling until/.test(process.output()), 'the idling');
    process.kill('SIGTERM');
    assert.deepEqual(await process.ended, { code: null, signal: 'SIGTERM' });
  });

  it('obeys a ceiling, and repeats it after a restart without NATS', async () => {
    const process = await start();
    await process.said('ready');
    await command('set-ceiling', { capability: 'act', level: 'off', by: 'operator' });
    await waitFor(
      () => heartbeats.some(({ observed }) => observed.act?.by === 'ceiling:operator'),
      'the observed ceiling',
    );
    const ledger = JSON.parse(readFileSync(join(folder, 'osc-bridge', 'ledger.json'), 'utf8'));
    assert.deepEqual(ledger.ceilings.act, { level: 'off', by: 'operator' });
  });

  it('refuses bad arguments, ignores foreign messages, and drains when asked', async () => {
    const process = await start();
    await process.said('ready');
    assert.equal((await command('set-ceiling', { capability: 'act', level: 'sideways', by: 'x' })).outcome, 'refused');
    process.send({ type: 'nonsense' });
    assert.equal((await fetch(`${url}/livez`)).status, 200);
    process.send({ type: 'drain' });
    assert.deepEqual(await process.ended, { code: 0, signal: null });
  });
});
