import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Rig, reply, until, withRig } from './rig.ts';

const hearingWorks = (rig: Rig) => until('hearing works', () => rig.context.observed().hear?.level === 'full');
const utterances = async ({ context }: Rig, result: string): Promise<number> => {
  const text = await context.metrics.text();
  return Number(new RegExp(`understudy_utterances_total\\{result="${result}"[^}]*\\} (\\d+)`).exec(text)?.[1] ?? 0);
};

for (const [fault, code] of [
  ['stt_timeout', 'TRANSCRIPTION_TIMEOUT'],
  ['llm_bad_key', 'TRANSCRIPTION_ACCOUNT'],
] as const) {
  test(`${fault} of the first provider: the second one hears, and ${code} is reported`, async () => {
    await withRig(fault === 'stt_timeout' ? { transcriptionMs: 1500 } : {}, async (rig) => {
      await hearingWorks(rig);
      rig.openai.applyFault(fault, 'voice');
      rig.audio.say('Can you hear me?', 'headset-mic');
      await until('the utterance is published', () => rig.published('utterance').length > 0);
      assert.equal(rig.published('utterance')[0]?.text, 'Can you hear me?');
      assert.deepEqual(
        rig.context.errors.map((event) => ({ code: event.code, subject: event.subject })),
        [{ code, subject: 'voice' }],
      );
      assert.deepEqual(rig.context.observed().hear, { level: 'degraded', by: 'provider:spare' });
    });
  });
}

test('no provider hears: hearing is off, and a probe that succeeds brings it back', async () => {
  await withRig({}, async (rig) => {
    await hearingWorks(rig);
    rig.openai.applyFault('llm_bad_key');
    rig.audio.say('Can you hear me?', 'headset-mic');
    await until('hearing is off', () => rig.context.observed().hear?.by === 'no_transcription');
    assert.deepEqual(
      rig.context.errors.map((event) => `${event.code} ${event.subject}`),
      ['TRANSCRIPTION_ACCOUNT voice', 'TRANSCRIPTION_ACCOUNT spare'],
    );
    const probe = () => rig.parts.probes.transcription?.(undefined, AbortSignal.timeout(20_000));
    assert.equal((await probe())?.ok, false);
    rig.openai.clearFaults();
    assert.deepEqual(await probe(), { ok: true, detail: 'voice works: it transcribed half a second of sound' });
    assert.deepEqual(rig.context.observed().hear, { level: 'full', by: 'device:headset-mic' });
  });
});

test('the bot that hears itself drops what it heard and reports SELF_TALK once for a burst', async () => {
  await withRig({}, async (rig) => {
    await hearingWorks(rig);
    const line = 'I really like your hat, Sam.';
    await rig.context.bus.deliver('reply', reply('turn-00000001', 0, line, { final: true }));
    await until('it is spoken', () => rig.audio.heard('headset-out').length > 0);
    rig.audio.say(line, 'headset-mic');
    rig.audio.say(line, 'headset-mic');
    await until('both echoes are dropped', async () => (await utterances(rig, 'self_talk')) === 2);
    rig.audio.say('And what do you think of mine?', 'headset-mic');
    await until('a person is heard', () => rig.published('utterance').length > 0);
    assert.deepEqual(
      rig.published('utterance').map(({ text }) => text),
      ['And what do you think of mine?'],
    );
    assert.deepEqual(
      rig.context.errors.map(({ code }) => code),
      ['SELF_TALK'],
    );
  });
});
