import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startOpenAi } from '@understudy/simulators';
import { reply, until, withRig } from './rig.ts';
import { readForm, startVoiceEndpoint } from './voice-endpoint.ts';

test('an endpoint that answers speech with empty text: told once, proven by the same speech, and the language was asked for', async () => {
  const forms: Record<string, string>[] = [];
  let text = '';
  const endpoint = await startVoiceEndpoint(async (body, response, request) => {
    forms.push(await readForm(body, request));
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ text }));
  });
  const provider = { name: 'local', base_url: endpoint.baseUrl, model: 'whisper-tiny', language: 'de' };
  const audio = { transcription: { providers: [provider], timeout_ms: 20_000 }, untranscribed_ms: 2000 };
  try {
    await withRig({ audio }, async ({ audio: devices, context, parts, published }) => {
      await until('the microphone is heard', () => context.observed().hear?.level === 'full');
      const probe = () => parts.probes.hearing?.(undefined, AbortSignal.timeout(20_000));
      assert.deepEqual(await probe(), { ok: true, detail: 'what was said last became text' });

      devices.say('This is said, and nothing of it ever becomes text.', 'headset-mic');
      await until('it is reported', () => context.errors.length > 0);
      devices.say('And this neither, but that is no news any more.', 'headset-mic');
      await until('the second is asked too', () => forms.length === 2);
      assert.deepEqual(
        context.errors.map(({ code, context: facts }) => [code, facts?.['provider']]),
        [['SPEECH_NOT_TRANSCRIBED', 'local']],
      );
      assert.deepEqual(forms[0], { model: 'whisper-tiny', response_format: 'json', language: 'de' });
      assert.deepEqual(await probe(), { ok: false, detail: 'the last speech still gives no text' });

      text = 'Hallo Mika.';
      assert.deepEqual(await probe(), { ok: true, detail: 'the last speech, asked again, became text' });
      assert.deepEqual(published('utterance'), [], 'what a probe hears is no turn');
      devices.say('Now it is understood.', 'headset-mic');
      await until('it is heard', () => published('utterance').length === 1);
      assert.equal(published('utterance')[0]?.text, text);
    });
  } finally {
    await endpoint.close();
  }
});

test('speaking begins while the endpoint still makes the rest of the sentence', async () => {
  const voice = await startOpenAi({ port: 0, providers: ['voice'] });
  const rest = Promise.withResolvers<void>();
  const events: string[] = [];
  const endpoint = await startVoiceEndpoint(async (body, response, { headers, url }) => {
    const { 'content-type': contentType = '', authorization = '' } = headers;
    const made = await fetch(voice.baseUrl('voice') + (url ?? '').slice('/v1'.length), {
      method: 'POST',
      headers: { 'content-type': contentType, authorization },
      body: new Uint8Array(body),
    });
    const sound = Buffer.from(await made.arrayBuffer());
    const half = (sound.length >> 2) << 1;
    response.writeHead(200, { 'content-type': 'audio/pcm' }).write(sound.subarray(0, half));
    await rest.promise;
    events.push('the rest is made');
    response.end(sound.subarray(half));
  });
  const provider = { name: 'slow', base_url: endpoint.baseUrl, model: 'tts-1' };
  const audio = { speech: { providers: [provider], first_byte_timeout_ms: 20_000 } };
  try {
    await withRig({ audio }, async ({ audio: devices, context, published }) => {
      // Half of it sounds for seconds: time enough for the rest to come without a pause, which would split it.
      const line =
        'This sentence takes a long while to be made, and what is made of it already is to be heard meanwhile.';
      await context.bus.deliver('reply', reply('turn-00000001', 0, line, { final: true }));
      await until('it sounds', () => published('delivery').some(({ result }) => result === 'delivered'));
      await until('sound arrives at the speaker', () => (devices.state().speakers[0]?.packetsReceived ?? 0) > 0);
      events.push('it sounds');
      rest.resolve();
      await until('all of it is heard', () => devices.heard('headset-out').length === 1);
      assert.deepEqual(
        devices.heard('headset-out').map(({ text }) => text),
        [line],
      );
      assert.deepEqual(events, ['it sounds', 'the rest is made']);
      assert.deepEqual(context.errors, []);
    });
  } finally {
    rest.resolve();
    await Promise.all([endpoint.close(), voice.close()]);
  }
});
