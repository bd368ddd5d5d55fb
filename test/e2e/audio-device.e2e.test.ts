import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Stack, startStack } from './stack.ts';
import { checkTurnTrace, checkWholeStory, TURN_SPANS } from './whole-story.ts';

const COMMANDS = { list: ['list-devices'], switch: ['switch-device'] };

describe('the audio device vanishes', () => {
  let stack: Stack;
  before(async () => {
    stack = await startStack();
  });
  after(() => stack.stop());

  test('the next approved one, then text-only, then the preferred one again: full', async () => {
    await stack.inject('audio_device_unavailable', { target: 'headset-mic' });
    const { id } = await stack.waitForIncident(
      'AUDIO_DEVICE_LOST',
      ({ degradedBy }) => degradedBy === 'device:desk-mic',
      'goes on by the next device',
    );
    const onTheNext = await stack.status();
    assert.equal(onTheNext.mode, 'full');
    assert.deepEqual(onTheNext.capabilities.hear, {
      observed: { level: 'degraded', by: 'device:desk-mic' },
      ceiling: { level: 'full', by: 'unrestricted' },
    });
    assert.equal(onTheNext.health.overall_health, 'DEGRADED');
    assert.match(onTheNext.words.operator, /AUDIO_DEVICE_LOST .* Meanwhile: device:desk-mic\. What to do: Plug/);
    const reply = await stack.input('Do you hear me?');
    assert.deepEqual({ mode: reply.mode, source: reply.source }, { mode: 'full', source: 'provider' });

    await stack.inject('audio_device_unavailable', { target: 'desk-mic' });
    await stack.waitForIncident(
      'AUDIO_DEVICE_LOST',
      ({ degradedBy, members }) => degradedBy === 'text_only' && members.length === 1,
      'has no device left',
    );
    const textOnly = await stack.waitForMode('text_only');
    assert.deepEqual(textOnly.limits, ['text_only']);
    assert.equal(textOnly.words.streamer, 'Voice is off. The bot reads and writes in the chatbox.');
    const written = await stack.input('And now?');
    assert.deepEqual({ mode: written.mode, source: written.source }, { mode: 'text_only', source: 'provider' });
    await checkTurnTrace(stack, written.trace_id, TURN_SPANS);

    await stack.simulators.mend();
    await stack.waitForCalm();
    const { hear } = (await stack.status()).capabilities;
    assert.deepEqual(hear.observed, { level: 'full', by: 'device:headset-mic' });
    const incident = await checkWholeStory(stack, id, {
      code: 'AUDIO_DEVICE_LOST',
      service: 'audio-gateway',
      subject: 'headset-mic',
      // Both return at once: whichever is seen first serves until the preferred one does.
      attempts: /^list switch:desk-mic list (switch:desk-mic )*switch:headset-mic$/,
      commands: COMMANDS,
    });
    assert.deepEqual(
      incident.members.map(({ fingerprint }) => fingerprint),
      ['audio-gateway/AUDIO_DEVICE_LOST/desk-mic'],
    );
    const last = await stack.input('Is all well again?');
    assert.deepEqual(
      { mode: last.mode, fallback_used: last.fallback_used, errors: last.errors },
      { mode: 'full', fallback_used: false, errors: undefined },
    );
  });

  test('all devices at once: text_only in the very next reply, and its error leads to the incident', async () => {
    await stack.inject('audio_device_unavailable');
    const reply = await stack.input('test message');
    assert.equal(reply.mode, 'text_only');
    assert.equal(reply.fallback_used, true);
    assert.ok(reply.message.length > 0);
    assert.deepEqual(
      reply.errors?.map(({ error_id: _id, ...error }) => error),
      [
        {
          handled: true,
          recovery_successful: false,
          fallback_activated: true,
          user_message: 'My voice is gone for a moment. I will write instead.',
          error_code: 'AUDIO_OUTPUT_LOST',
        },
      ],
    );
    const errorId = reply.errors?.[0]?.error_id ?? '';
    const { id } = await stack.waitForIncident(
      'AUDIO_OUTPUT_LOST',
      ({ errorIds }) => errorIds.includes(errorId),
      'knows the error',
    );
    await stack.waitForIncident(
      'AUDIO_OUTPUT_LOST',
      ({ degradedBy }) => degradedBy === 'text_only',
      'has no device left',
    );
    await stack.waitForIncident(
      'AUDIO_DEVICE_LOST',
      ({ degradedBy }) => degradedBy === 'text_only',
      'has no device left',
    );
    const later = await stack.input('Still there?');
    assert.deepEqual(
      { mode: later.mode, fallback_used: later.fallback_used },
      { mode: 'text_only', fallback_used: true },
    );

    await stack.simulators.mend();
    await stack.waitForCalm();
    await checkWholeStory(stack, id, {
      code: 'AUDIO_OUTPUT_LOST',
      service: 'audio-gateway',
      subject: 'headset-out',
      attempts: /^list (switch:desk-out )*switch:headset-out$/,
      commands: COMMANDS,
    });
    const [first, second] = (await stack.incidents()).map(({ traceparent }) => traceparent?.split('-')[1]);
    assert.notEqual(first, second, 'two incidents are two traces');
  });
});
