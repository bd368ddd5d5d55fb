import { waitFor } from '@understudy/shared/testing';
import { LIMIT_MS, type Stack } from '../e2e/stack.ts';

/** Talks to the bot, breaks one thing of each kind, and returns when all of it is mended. */
export async function playDemo(stack: Stack): Promise<void> {
  await stack.simulators.say('Hello Mika, what do you like?');
  const heard = async () => (await stack.metric('audio-gateway', 'audio_latency_ms_count', { direction: 'in' })) > 0;
  await waitFor(heard, 'the spoken words to be heard', LIMIT_MS);
  for (const text of ['hello', 'what do you see?', 'tell me a joke']) await stack.input(text);

  await stack.inject('llm_quota_exhausted', { target: 'primary', durationMs: 6000 });
  await stack.inject('audio_device_unavailable', { target: 'headset-mic', durationMs: 6000 });
  await stack.inject('osc_connection_lost', { durationMs: 6000 });
  await stack.inject('cv_crash', { durationMs: 1000 });
  for (const text of ['are you still there?', 'and now?']) await stack.input(text);
  await stack.waitForIncident('OSC_CONNECTION_LOST', () => true, 'was seen');
  stack.kill('cv-service');
  await fetch(`${stack.addressOf('llm-service')}/v1/input`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  await stack.simulators.mend();
  await stack.input('hello again');
  await stack.waitForCalm();
}
