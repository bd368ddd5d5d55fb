import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parseConfig } from '../config/index.ts';
import type { FaultRequest, ServiceName } from '../contracts/index.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { freePort } from '../testing/free-ports.ts';
import { createConfigHolder } from './config-holder.ts';
import { createFaults } from './faults.ts';

function setUp(yaml = '', service: ServiceName = 'osc-bridge', own?: (request: FaultRequest) => Promise<void>) {
  const dataFolder = mkdtempSync(join(tmpdir(), 'faults-'));
  const file = join(dataFolder, 'understudy.yaml');
  writeFileSync(file, yaml);
  const first = parseConfig(yaml, file);
  if (!first.ok) return assert.fail(JSON.stringify(first.problems));
  const config = createConfigHolder({ path: file, isNamed: true }, first);
  const clock = createFakeClock();
  const abort = new AbortController();
  const crashes: string[] = [];
  const faults = createFaults({
    service,
    dataFolder,
    clock,
    signal: abort.signal,
    config,
    // Any process has more already: nothing is allocated, all else happens.
    memoryThresholdBytes: () => 1,
    reload: () => void config.reload(),
    crash: (reason) => crashes.push(reason),
    injectOwn: own,
  });
  return { faults, config, clock, crashes, dataFolder, abort, memoryFile: join(dataFolder, 'memory-fault.json') };
}

async function simulators(status: number, answer: string) {
  const asked: unknown[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += chunk));
    request.on('end', () => {
      asked.push(request.method, request.url, JSON.parse(text));
      response.writeHead(status).end(answer);
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { yaml: `simulators: { control_port: ${port} }\n`, asked, close: () => server.close() };
}

describe('faults on purpose', () => {
  it('are asked of the simulator of the peer', async () => {
    const { yaml, asked, close } = await simulators(200, '{}');
    const request = { fault: 'osc_connection_lost', target: 'vrchat', durationMs: 5000 } as const;
    await setUp(yaml).faults.inject(request);
    close();
    assert.deepEqual(asked, ['POST', '/faults', request]);
  });

  it('say what the simulators refuse, and that they do not run', async () => {
    const { yaml, close } = await simulators(400, 'no device of that name');
    const request = { fault: 'osc_connection_lost', durationMs: 5000 } as const;
    const { faults } = setUp(yaml);
    await assert.rejects(faults.inject(request), {
      message: 'the simulators refused osc_connection_lost: no device of that name',
    });
    close();
    const port = await freePort();
    await assert.rejects(setUp(`simulators: { control_port: ${port} }\n`).faults.inject(request), {
      message: `the simulators do not answer at port ${port}; start them with npm start`,
    });
  });

  it('belong to one service', async () => {
    const { faults } = setUp();
    await assert.rejects(faults.inject({ fault: 'llm_timeout', durationMs: 1 }), {
      message: 'llm_timeout belongs to llm-service; send it there',
    });
    await assert.rejects(faults.inject({ fault: 'nats_down', durationMs: 1 }), {
      message: 'nats_down belongs to starter; send it there',
    });
  });

  it('reach the service’s own code, unless it is parked', async () => {
    const reached: FaultRequest[] = [];
    const request = { fault: 'cv_crash', durationMs: 1 } as const;
    await setUp('', 'cv-service', async (given) => void reached.push(given)).faults.inject(request);
    assert.deepEqual(reached, [request]);
    await assert.rejects(setUp('', 'cv-service').faults.inject(request), {
      message: 'cv-service is parked or starting and cannot suffer cv_crash now',
    });
  });

  it('break the configuration for a while', async () => {
    const { faults, config, clock } = setUp();
    await faults.inject({ fault: 'configuration_invalid', durationMs: 2000 });
    assert.equal(config.problems()[0]?.path, 'logging.levle');
    await clock.advance(1999);
    assert.equal(config.problems().length, 1);
    await clock.advance(1);
    assert.deepEqual(config.problems(), []);
  });
});

describe('the fault of the memory', () => {
  it('lasts its time, and lies on disk meanwhile', async () => {
    const { faults, clock, memoryFile } = setUp();
    await faults.inject({ fault: 'memory_exhaustion', durationMs: 2000 });
    assert.equal(existsSync(memoryFile), true);
    await clock.advance(2000);
    assert.equal(existsSync(memoryFile), false);
  });

  it('goes on after a restart within its time', async () => {
    const { faults, clock, memoryFile } = setUp();
    writeFileSync(memoryFile, JSON.stringify({ until: clock.now() + 2000 }));
    faults.resume();
    assert.equal(clock.sleepers(), 1);
    await clock.advance(2000);
    assert.equal(existsSync(memoryFile), false);
  });

  it('stays on disk for the next process when this one ends', async () => {
    const { faults, clock, memoryFile, abort } = setUp();
    await faults.inject({ fault: 'memory_exhaustion', durationMs: 2000 });
    abort.abort();
    await clock.advance(0);
    assert.equal(existsSync(memoryFile), true);
  });

  it('is over when its time is, and a file that says nothing is none', () => {
    for (const text of ['{"until":1}', '{}', 'nonsense']) {
      const { faults, clock, memoryFile } = setUp();
      writeFileSync(memoryFile, text);
      faults.resume();
      assert.equal(clock.sleepers(), 0, text);
    }
    const { faults, dataFolder } = setUp();
    faults.resume();
    assert.deepEqual(readdirSync(dataFolder), ['understudy.yaml']);
  });
});
