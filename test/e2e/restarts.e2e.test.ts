import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { waitFor } from '@understudy/shared/testing';
import { LIMIT_MS, type Stack, startStack } from './stack.ts';

const BLOCKED_MS = 1500;
const MAX_STARTS = 4;

describe('restarts', () => {
  let stack: Stack;
  before(async () => {
    stack = await startStack({
      // On a busy machine the restart may take longer than the usual patience: the silence would be told first, and the block join it.
      health: { event_loop_blocked_ms: BLOCKED_MS, max_missed_heartbeats: 60 },
      recovery: { restart_intensity: { max_starts: MAX_STARTS, park_ms: 600_000 } },
    });
  });
  after(() => stack.stop());

  /** Another process, and it serves. */
  const isBackAfter = async (service: string, pid: number | undefined) => {
    const now = stack.pids()[service];
    if (now === undefined || now === pid) return false;
    return stack.understudy.report().parts.find(({ name }) => name === service)?.state === 'ready';
  };

  test('a blocked event loop is ended by its watchdog and runs again', async (t) => {
    const pid = stack.pids()['osc-bridge'];
    const from = performance.now();
    await stack.inject('event_loop_blocked', { service: 'osc-bridge', durationMs: 2 * LIMIT_MS });
    await waitFor(() => isBackAfter('osc-bridge', pid), 'osc-bridge to run again', LIMIT_MS);
    const afterThreshold = performance.now() - from - BLOCKED_MS;
    t.diagnostic(`running again ${Math.round(afterThreshold)} ms after the threshold of ${BLOCKED_MS} ms`);
    const incident = await stack.waitForIncident(
      'EVENT_LOOP_BLOCKED',
      ({ state }) => state === 'resolved',
      'is resolved',
    );
    assert.equal(incident.service, 'osc-bridge');
    assert.equal(incident.attempts.at(-1)?.verified, true);
    const line = stack.logLines('osc-bridge').find(({ error_code }) => error_code === 'EVENT_LOOP_BLOCKED');
    assert.match(line?.message ?? '', /^osc-bridge was blocked for \d+ ms /);
    await stack.waitForCalm();
  });

  test('a crash loop is parked, idles, and goes on when it is resumed', async () => {
    const cv = async () => (await stack.status()).services.find(({ name }) => name === 'cv-service');
    const isParked = async () => (await cv())?.state === 'parked';
    // The first start was its own; each kill makes one more, and the supervisor must have heard of it before the next.
    for (let kills = 0; kills < MAX_STARTS; kills += 1) {
      const { startedAt } = (await cv()) ?? {};
      const pid = stack.pids()['cv-service'];
      stack.kill('cv-service');
      await waitFor(
        async () => (await isBackAfter('cv-service', pid)) && (await cv())?.startedAt !== startedAt,
        `start ${kills + 2} to be heard of`,
        LIMIT_MS,
      );
    }
    // The last one was one too many: that process is told so, ends, and the next one idles.
    await waitFor(isParked, 'cv-service to be parked', LIMIT_MS);
    // The last crash and the finding that it is a loop arrive in either order: one incident holds both.
    const incident = await waitFor(
      async () => (await stack.incidents()).find(({ service, parked }) => service === 'cv-service' && parked),
      'an incident of cv-service that is parked',
      LIMIT_MS,
    );
    const causes = [incident, ...incident.members].map(({ fingerprint }) => fingerprint);
    assert.ok(causes.includes('cv-service/SERVICE_CRASH_LOOP'), causes.join(', '));
    assert.equal(incident.severity, 'CRITICAL');
    const status = await stack.waitForMode('no_vision');
    assert.match(status.words.operator, /understudy resume/);
    const parkedPid = stack.pids()['cv-service'];
    assert.equal((await fetch(`${stack.addressOf('cv-service')}/livez`)).status, 200);
    assert.equal((await fetch(`${stack.addressOf('cv-service')}/readyz`)).status, 503);
    assert.ok((await stack.input('Do you see me?')).message.length > 0);
    assert.equal(stack.pids()['cv-service'], parkedPid, 'it idles');

    assert.equal((await stack.client.resume('cv-service')).ok, true);
    await stack.waitForCalm();
    const { incident: resolved } = await stack.incident(incident.id);
    assert.deepEqual({ state: resolved.state, parked: resolved.parked }, { state: 'resolved', parked: false });
    assert.equal((await stack.input('And now?')).mode, 'full');
  });
});
