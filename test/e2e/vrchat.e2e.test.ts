import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { waitFor } from '@understudy/shared/testing';
import { LIMIT_MS, type Stack, startStack } from './stack.ts';
import { checkWholeStory } from './whole-story.ts';

let stack: Stack;
before(async () => {
  stack = await startStack({ vrchat: { input_lease_ms: 60_000 } });
});
after(() => stack.stop());

const holdForward = () =>
  fetch(`${stack.addressOf('osc-bridge')}/v1/act`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${stack.token()}` },
    body: JSON.stringify({ input: 'Vertical', value: 1 }),
  });

test('VRChat stops: three quick attempts, no-avatar and slow probing; it starts later: acts again, held inputs were released', async () => {
  assert.equal((await holdForward()).status, 200);
  await waitFor(
    async () => (await stack.simulators.state()).vrchat.heldInputs['Vertical'] === 1,
    'the avatar to walk',
    LIMIT_MS,
  );

  await stack.inject('osc_connection_lost');
  const { id } = await stack.waitForIncident('OSC_CONNECTION_LOST', ({ state }) => state === 'degraded', 'is degraded');
  const status = await stack.waitForMode('no_avatar');
  assert.deepEqual(status.limits, ['no_avatar']);
  assert.equal(status.words.streamer, 'The avatar is still for the moment. The bot still talks.');
  assert.equal(status.health.overall_health, 'DEGRADED');
  assert.equal((await holdForward()).status, 409);

  const reply = await stack.input('Can you wave?');
  assert.deepEqual(
    { mode: reply.mode, source: reply.source, fallback_used: reply.fallback_used },
    { mode: 'no_avatar', source: 'provider', fallback_used: true },
  );
  assert.deepEqual(
    reply.errors?.map(({ error_code, recovery_successful }) => ({ error_code, recovery_successful })),
    [{ error_code: 'OSC_CONNECTION_LOST', recovery_successful: false }],
  );
  const [known] = await stack.incidents({ error: reply.errors?.[0]?.error_id ?? '' });
  assert.equal(known?.id, id);

  await stack.simulators.mend();
  await stack.waitForCalm();
  const incident = await checkWholeStory(stack, id, {
    code: 'OSC_CONNECTION_LOST',
    service: 'osc-bridge',
    subject: 'vrchat',
    attempts: /^reconnect:1 reconnect:2 reconnect:3$/,
    commands: { reconnect: ['reconnect'] },
  });
  assert.match(incident.attempts.at(-1)?.label ?? '', /^watch/);

  const { vrchat } = await waitFor(
    async () => {
      const state = await stack.simulators.state();
      return state.vrchat.absences.at(-1)?.releasedAfterReturn.includes('Vertical') ? state : undefined;
    },
    'the release of what was held',
    LIMIT_MS,
  );
  assert.deepEqual(vrchat.heldInputs, {});
  assert.deepEqual(vrchat.absences.at(-1)?.heldWhenItVanished, { Vertical: 1 });
  assert.deepEqual(vrchat.violations, []);

  const again = await stack.input('Welcome back!');
  assert.deepEqual({ mode: again.mode, errors: again.errors }, { mode: 'full', errors: undefined });
  await waitFor(
    async () =>
      (await stack.simulators.state()).vrchat.chatbox.messages.some(({ text }) => again.message.startsWith(text)),
    'the answer in the chatbox',
    LIMIT_MS,
  );
});
