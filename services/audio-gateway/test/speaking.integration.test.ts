import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FULL_CEILINGS } from '@understudy/shared/contracts';
import { type Rig, reply, until, withRig } from './rig.ts';

const TURN = 'turn-00000001';
const fates = ({ published }: Rig) => published('delivery').map(({ turnId, seq, result }) => [turnId, seq, result]);
const heard = ({ audio }: Rig, speaker = 'headset-out') => audio.heard(speaker).map(({ text }) => text);

test('a reply is spoken sentence by sentence, and every sentence has its deliveries', async () => {
  await withRig({}, async (rig) => {
    await rig.context.bus.deliver('reply', reply(TURN, 0, 'Hello there!'));
    await rig.context.bus.deliver('reply', reply(TURN, 1, 'I see a nice hat.', { final: true }));
    await until('both sentences are heard', () => heard(rig).length === 2);
    assert.deepEqual(heard(rig), ['Hello there!', 'I see a nice hat.']);
    await until('the last delivery is told', () => fates(rig).length === 4);
    assert.deepEqual(
      fates(rig).sort(),
      [
        [TURN, 0, 'delivered'],
        [TURN, 0, 'queued'],
        [TURN, 1, 'delivered'],
        [TURN, 1, 'queued'],
      ].sort(),
    );
    assert.deepEqual(rig.published('delivery')[0]?.observed.speak, { level: 'full', by: 'device:headset-out' });
    const [speaker] = rig.audio.state().speakers;
    assert.deepEqual(
      {
        rate: speaker?.sampleRate,
        lost: speaker?.packetsLost,
        disorder: speaker?.packetsOutOfOrder,
        malformed: rig.audio.state().malformedPackets,
        violations: rig.audio.state().violations,
      },
      { rate: 48_000, lost: 0, disorder: 0, malformed: 0, violations: [] },
    );
    assert.deepEqual(rig.context.errors, []);
  });
});

test('the newest turn wins: what waits of an older one is skipped', async () => {
  await withRig({}, async (rig) => {
    for (const seq of [0, 1, 2]) await rig.context.bus.deliver('reply', reply(TURN, seq, `Old sentence ${seq}.`));
    await until('the old turn is being spoken', () => fates(rig).some(([, , result]) => result === 'delivered'));
    await rig.context.bus.deliver('reply', reply('turn-00000002', 0, 'New turn.', { final: true }));
    await until('the new turn is heard', () => heard(rig).includes('New turn.'));
    assert.deepEqual(heard(rig), ['Old sentence 0.', 'New turn.']);
    assert.deepEqual(
      fates(rig).filter(([, , result]) => result === 'skipped'),
      [
        [TURN, 1, 'skipped'],
        [TURN, 2, 'skipped'],
      ],
    );
    assert.ok(rig.published('delivery').every(({ interrupted }) => interrupted === undefined));
  });
});

test('an output that a reload takes away in the middle of a turn: each sentence has its end', async () => {
  await withRig({}, async (rig) => {
    await rig.context.bus.deliver('reply', reply(TURN, 0, 'I am heard.'));
    await rig.context.bus.deliver('reply', reply(TURN, 1, 'I am not.', { final: true }));
    await until('the first sounds', () => fates(rig).some(([, , result]) => result === 'delivered'));
    const config = rig.context.config();
    rig.context.setConfig({ ...config, audio: { ...config.audio, outputs: [] } });
    await until('the second has its end', () =>
      rig.published('delivery').some(({ seq, result }) => seq === 1 && result !== 'queued'),
    );
    const last = rig.published('delivery').findLast(({ seq }) => seq === 1);
    assert.deepEqual([last?.result, last?.errorCode], ['failed', 'AUDIO_NO_DEVICE']);
  });
});

test('text only: nothing is spoken and every delivery says so', async () => {
  await withRig({}, async (rig) => {
    rig.context.setCeilings({ ...FULL_CEILINGS, speak: { level: 'off', by: 'text_only' } });
    await rig.context.bus.deliver('reply', reply(TURN, 0, 'Hello there!', { final: true }));
    await until('the delivery is told', () => fates(rig).length > 0);
    assert.deepEqual(fates(rig), [[TURN, 0, 'skipped']]);
    assert.deepEqual(heard(rig), []);
  });
});

for (const [fault, code] of [
  ['tts_timeout', 'SPEECH_TIMEOUT'],
  ['tts_empty', 'SPEECH_EMPTY'],
  ['llm_bad_key', 'SPEECH_ACCOUNT'],
] as const) {
  test(`${fault} of the first provider: the second speaks, and ${code} is reported`, async () => {
    await withRig(fault === 'tts_timeout' ? { speechMs: 1500 } : {}, async (rig) => {
      rig.openai.applyFault(fault, 'voice');
      await rig.context.bus.deliver('reply', reply(TURN, 0, 'Hello there!', { final: true }));
      await until('the sentence is heard', () => heard(rig).length > 0);
      assert.deepEqual(heard(rig), ['Hello there!']);
      assert.deepEqual(
        rig.context.errors.map((event) => ({ code: event.code, subject: event.subject })),
        [{ code, subject: 'voice' }],
      );
      assert.deepEqual(rig.context.observed().speak, { level: 'degraded', by: 'provider:spare' });
    });
  });
}

test('no provider speaks: the delivery fails with the error, speaking is off, and a probe that succeeds brings it back', async () => {
  await withRig({}, async (rig) => {
    rig.openai.applyFault('tts_empty');
    await rig.context.bus.deliver('reply', reply(TURN, 0, 'Hello there!', { final: true }));
    await until('the delivery failed', () => fates(rig).some(([, , result]) => result === 'failed'));
    const failed = rig.published('delivery').find(({ result }) => result === 'failed');
    assert.deepEqual(
      { errorId: failed?.errorId, errorCode: failed?.errorCode, speak: failed?.observed.speak },
      {
        errorId: rig.context.errors.at(-1)?.id,
        errorCode: 'SPEECH_EMPTY',
        speak: { level: 'off', by: 'no_speech' },
      },
    );
    const probe = (subject?: string) => rig.parts.probes.speech?.(subject, AbortSignal.timeout(20_000));
    assert.equal((await probe())?.ok, false);
    rig.openai.clearFaults();
    assert.deepEqual(await probe('voice'), { ok: true, detail: 'voice works: it sent sound' });
    assert.deepEqual(rig.context.observed().speak, { level: 'full', by: 'device:headset-out' });
    assert.equal((await probe('unknown'))?.ok, false);
  });
});
