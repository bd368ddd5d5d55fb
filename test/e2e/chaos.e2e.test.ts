import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Incident, InputResponse, SupervisedService } from '@understudy/shared/contracts';
import { waitFor } from '@understudy/shared/testing';
import { isRunning } from './is-running.ts';
import { LIMIT_MS, type Stack, startStack } from './stack.ts';

/** Long enough for every service to notice. */
const AWAY_MS = 4000;
/** Longer than a restart of the supervisor takes. */
const SUPERVISOR_SILENT_MS = 5000;

describe('kill -9, one part after another', () => {
  let stack: Stack;
  before(async () => {
    // On a busy machine a restart may take longer than the usual patience: the silence would be told first, and the crash join it.
    stack = await startStack({ health: { supervisor_silent_ms: SUPERVISOR_SILENT_MS, max_missed_heartbeats: 60 } });
  });
  after(() => stack.stop());

  /** Kills a part and talks to the bot until the part runs again, by another process. @returns every reply meanwhile */
  const killAndTalk = async (part: string): Promise<InputResponse[]> => {
    const pid = stack.pids()[part];
    const replies: InputResponse[] = [];
    stack.kill(part);
    await waitFor(
      async () => {
        replies.push(await stack.input(`Is ${part} there?`));
        const stands = stack.understudy.report().parts.find(({ name }) => name === part)?.state;
        return stack.pids()[part] !== pid && stands === 'ready';
      },
      `${part} to run again`,
      LIMIT_MS,
    );
    for (const reply of replies) assert.ok(reply.message.length > 0, JSON.stringify(reply));
    return replies;
  };
  const isVerified = ({ state, verifiedAt }: Incident) => state === 'resolved' && verifiedAt !== undefined;

  for (const service of ['osc-bridge', 'cv-service', 'audio-gateway', 'llm-service'] satisfies SupervisedService[]) {
    test(`${service}: the bot answers meanwhile, it comes back, and its crash is an incident with a verified end`, async () => {
      await killAndTalk(service);
      const incident = await stack.waitForIncident(
        'SERVICE_CRASHED',
        (candidate) => candidate.service === service && isVerified(candidate),
        `is of ${service} and verified`,
      );
      assert.equal(incident.attempts.at(-1)?.probe?.what, 'alive');
      await stack.waitForCalm();
      assert.equal((await stack.input('Hello again.')).mode, 'full');
    });
  }

  test('the supervisor: the bot answers meanwhile, and knows its incidents afterwards', async () => {
    const before = await stack.incidents();
    const replies = await killAndTalk('supervisor');
    assert.deepEqual([...new Set(replies.map(({ mode }) => mode))], ['full']);
    await stack.waitForCalm();
    const after = await stack.incidents();
    assert.deepEqual(
      after.map(({ id, state }) => ({ id, state })).slice(-before.length),
      before.map(({ id, state }) => ({ id, state })),
    );
  });

  test('the supervisor in the middle of a recovery: the same incident goes on, no attempt is made twice', async () => {
    await stack.inject('osc_connection_lost');
    const { id } = await stack.waitForIncident(
      'OSC_CONNECTION_LOST',
      ({ attempts }) => attempts.length > 1 && attempts.at(-1)?.outcome === undefined,
      'is in an attempt after the first',
    );
    await killAndTalk('supervisor');
    await stack.waitForIncident('OSC_CONNECTION_LOST', (incident) => incident.state === 'degraded', 'is degraded');
    await stack.simulators.mend();
    await stack.waitForCalm();
    const { incident, story } = await stack.incident(id);
    assert.equal(incident.state, 'resolved');
    const reconnects = incident.attempts.filter(({ label }) => label.startsWith('reconnect'));
    assert.deepEqual(
      reconnects.map(({ label }) => label),
      ['reconnect:1', 'reconnect:2', 'reconnect:3'],
    );
    assert.equal(new Set(incident.attempts.map(({ commandId }) => commandId)).size, incident.attempts.length);
    for (const number of [1, 2, 3]) {
      const begin = `Attempt ${number} (reconnect:${number}): `;
      assert.equal(story.filter(({ text }) => text.startsWith(begin)).length, 1, `${number} was begun once`);
    }
    assert.equal((await stack.incidents()).filter(({ code }) => code === 'OSC_CONNECTION_LOST').length, 1);
    const traceId = incident.traceparent?.split('-')[1] ?? '';
    const reconnectSpans = () =>
      stack.traces.spans(traceId).filter(({ name }) => name === 'osc-bridge reconnect').length;
    await waitFor(() => reconnectSpans() >= 3, 'the spans of three reconnections', LIMIT_MS);
    assert.equal(reconnectSpans(), 3, 'osc-bridge reconnected three times, not once more');
  });

  test('a supervisor that hangs: a service switches its device by itself, the bot answers, and both are told afterwards', {
    skip: process.platform === 'win32',
  }, async () => {
    const switchesAlone = () =>
      stack
        .logLines('audio-gateway')
        .filter(({ message }) => message.startsWith('The supervisor is silent: switched'))
        .map(({ context }) => context['device']);
    const supervisor = stack.pids()['supervisor'];
    stack.understudy.kill('supervisor', 'SIGSTOP');
    await stack.inject('audio_device_unavailable', { target: 'headset-mic' });
    await waitFor(() => switchesAlone().includes('desk-mic'), 'the audio-gateway to act by itself', LIMIT_MS);
    const reply = await stack.input('Who decides now?');
    assert.deepEqual({ mode: reply.mode, source: reply.source }, { mode: 'full', source: 'provider' });

    if (supervisor !== undefined) process.kill(supervisor, 'SIGCONT');
    await stack.waitForIncident('SUPERVISOR_SILENT', isVerified, 'is verified');
    await stack.waitForIncident('AUDIO_DEVICE_LOST', ({ subject }) => subject === 'headset-mic', 'arrived');
    await stack.simulators.mend();
    await stack.waitForCalm();
    assert.equal((await stack.input('And now?')).mode, 'full');
  });

  test('the world: every peer gone at once, and back', async () => {
    await killAndTalk('simulators');
    await stack.waitForCalm();
    assert.equal((await stack.input('Hello, world.')).mode, 'full');
  });

  test('NATS: the bot answers, errors of that time arrive afterwards, each once, and the outage is an incident', async () => {
    const knownErrors = new Set((await stack.incidents()).flatMap(({ errorIds }) => errorIds));
    await stack.inject('nats_down', { durationMs: AWAY_MS });
    await waitFor(() => stack.pids()['nats'] === undefined, 'NATS to be gone', LIMIT_MS);
    await stack.inject('audio_device_unavailable', { target: 'headset-mic' });
    const byAudio = await stack.input('Who answers without a bus?');
    assert.ok(byAudio.message.length > 0);
    assert.equal(byAudio.source, 'provider');
    await waitFor(
      () =>
        stack
          .logLines('audio-gateway')
          .some(({ context }) => isNew(context['error_id']) && context['subject'] === 'headset-mic'),
      'the loss of the microphone to be noticed',
      LIMIT_MS,
    );
    function isNew(errorId: unknown): errorId is string {
      return typeof errorId === 'string' && !knownErrors.has(errorId);
    }
    await waitFor(() => stack.pids()['nats'] !== undefined, 'NATS to be back', LIMIT_MS);
    const bus = await stack.waitForIncident('BUS_UNAVAILABLE', isVerified, 'is verified');
    assert.equal(bus.service, 'supervisor');
    const reported = () =>
      stack
        .logLines('audio-gateway')
        .filter(({ level }) => level !== 'INFO' && level !== 'DEBUG')
        .map(({ context }) => context['error_id'])
        .filter(isNew);
    const arrived = async () => (await stack.incidents()).flatMap(({ errorIds }) => errorIds).filter(isNew);
    await waitFor(
      async () => {
        const there = await arrived();
        return reported().every((errorId) => there.includes(errorId));
      },
      'every error of that time to arrive: nothing is lost',
      LIMIT_MS,
    );
    await stack.simulators.mend();
    await stack.waitForCalm();
    const ids = await arrived();
    assert.equal(new Set(ids).size, ids.length, 'nothing twice');
  });

  test('NATS by kill -9: it comes back with all that was stored', async () => {
    const before = await stack.incidents();
    await killAndTalk('nats');
    await stack.waitForCalm();
    const ids = (await stack.incidents()).map(({ id }) => id);
    for (const { id } of before) assert.ok(ids.includes(id));
    assert.equal((await stack.input('Is the bus back?')).mode, 'full');
  });

  test('Redis: the bot answers meanwhile, and the outage is an incident with a verified end', async () => {
    await stack.inject('redis_down', { durationMs: AWAY_MS });
    await waitFor(() => stack.pids()['redis'] === undefined, 'Redis to be gone', LIMIT_MS);
    await waitFor(
      async () => {
        assert.ok((await stack.input('What do you remember?')).message.length > 0);
        return (await stack.incidents()).find(({ code }) => code === 'CACHE_UNAVAILABLE');
      },
      'the outage to be noticed',
      LIMIT_MS,
    );
    await stack.waitForIncident('CACHE_UNAVAILABLE', isVerified, 'is verified');
    await stack.waitForCalm();
    await killAndTalk('redis');
    await stack.waitForCalm();
  });

  test('stopping leaves nothing running', async () => {
    const pids = Object.values(stack.pids());
    assert.equal(pids.length, 8);
    await stack.understudy.stop();
    assert.deepEqual(pids.filter(isRunning), []);
  });
});
