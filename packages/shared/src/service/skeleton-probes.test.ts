import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parseConfig } from '../config/index.ts';
import type { ServiceState } from '../contracts/index.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createConfigHolder } from './config-holder.ts';
import { skeletonProbes } from './skeleton-probes.ts';

const signal = new AbortController().signal;

function setUp(yaml = '', state: ServiceState = 'ready') {
  const first = parseConfig(yaml, 'test.yaml');
  if (!first.ok) return assert.fail(JSON.stringify(first.problems));
  const clock = createFakeClock();
  const dataFolder = mkdtempSync(join(tmpdir(), 'probes-'));
  const probes = skeletonProbes({
    service: 'osc-bridge',
    config: createConfigHolder({ path: 'test.yaml', isNamed: true }, first),
    clock,
    state: () => state,
    isConnected: () => state !== 'draining',
    dataFolder,
  });
  return { clock, probes, dataFolder };
}

describe('what every service can prove of itself', () => {
  it('alive: only when it is ready', async () => {
    const ask = (state: ServiceState) => setUp('', state).probes.alive?.(undefined, signal);
    assert.deepEqual(await ask('ready'), { ok: true, detail: 'osc-bridge is ready' });
    for (const state of ['starting', 'draining', 'parked'] as const)
      assert.deepEqual(await ask(state), { ok: false, detail: `osc-bridge is ${state}` });
  });

  it('bus: only while NATS is connected', async () => {
    assert.deepEqual(await setUp().probes.bus?.(undefined, signal), { ok: true, detail: 'NATS is connected' });
    assert.deepEqual(await setUp('', 'draining').probes.bus?.(undefined, signal), {
      ok: false,
      detail: 'NATS is away',
    });
  });

  it('disk: by writing, and leaves nothing behind', async () => {
    const { probes, dataFolder } = setUp();
    assert.deepEqual(await probes.disk?.(undefined, signal), { ok: true, detail: `${dataFolder} can be written` });
    assert.deepEqual(readdirSync(dataFolder), []);
  });

  it('memory: below the threshold of its limit', async () => {
    const ask = (limitMb: number) =>
      setUp(`resources: { memory_limit_mb: { osc-bridge: ${limitMb} } }`).probes.memory?.(undefined, signal);
    const good = await ask(16_000);
    assert.equal(good?.ok, true);
    assert.match(good?.detail ?? '', /^\d+ MB of 16000 MB in use, threshold 12800 MB$/);
    assert.equal((await ask(64))?.ok, false);
  });

  it('event-loop: by what was seen while it waited, by the clock that it was given', async () => {
    const { clock, probes } = setUp('health: { event_loop_late_ms: 60000 }');
    const asked = probes['event-loop']?.(undefined, signal);
    await clock.advance(500);
    assert.match((await asked)?.detail ?? '', /^event-loop delay p99 \d+\.\d ms, limit 60000 ms$/);
    assert.equal((await asked)?.ok, true);
  });

  it('configuration: what is on disk is in use', async () => {
    assert.deepEqual(await setUp().probes.configuration?.(undefined, signal), {
      ok: true,
      detail: 'the configuration on disk is in use',
    });
  });
});
