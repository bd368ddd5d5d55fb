import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FULL_CEILINGS } from '@understudy/shared/contracts';
import type { FakeContext } from '@understudy/shared/testing';
import { reply, until, withRig } from './rig.ts';

const TURN = 'turn-00000001';

test('somebody who speaks over the bot stops it: the rest of its turn is skipped, and what was said is heard', async () => {
  await withRig({}, async ({ audio, published, context }) => {
    await until('the microphone is heard', () => context.observed().hear?.level === 'full');
    const fates = (result: string) => published('delivery').filter((delivery) => delivery.result === result);
    const long =
      'This is a very long sentence which goes on and on, so that there is time to speak over it at leisure.';
    await context.bus.deliver('reply', reply(TURN, 0, long));
    await context.bus.deliver('reply', reply(TURN, 1, 'And this one nobody hears.'));
    await until('the bot speaks', () => fates('delivered').length === 1);
    audio.say('Stop, please, I have a question for you.', 'headset-mic');
    await until('the rest is skipped', () => fates('skipped').length === 1);
    assert.deepEqual(
      fates('skipped').map(({ turnId, seq, interrupted }) => ({ turnId, seq, interrupted })),
      [{ turnId: TURN, seq: 1, interrupted: true }],
    );
    await context.bus.deliver('reply', reply(TURN, 2, 'It was still being thought.', { final: true }));
    await until('what comes late is skipped', () => fates('skipped').length === 2);
    assert.deepEqual([fates('skipped')[1]?.seq, fates('skipped')[1]?.interrupted], [2, true]);
    await until('the sentence is known to be cut off', () => fates('delivered').length === 2);
    assert.deepEqual(
      fates('delivered').map(({ seq, interrupted }) => ({ seq, interrupted })),
      [
        { seq: 0, interrupted: undefined },
        { seq: 0, interrupted: true },
      ],
    );
    await until('the viewer is heard', () => published('utterance').length === 1);
    assert.equal(published('utterance')[0]?.text, 'Stop, please, I have a question for you.');
    assert.match(await context.metrics.text(), /understudy_barge_ins_total\{[^}]*\} 1/);
    assert.deepEqual(context.errors, []);
  });
});

test('a turn that is spoken over is known as such, also where nothing of it waits', async () => {
  await withRig({}, async ({ audio, published, context }) => {
    await until('the microphone is heard', () => context.observed().hear?.level === 'full');
    const long = 'This is a very long sentence, and while it is said the next one is still being thought by the model.';
    await context.bus.deliver('reply', reply(TURN, 0, long));
    await until('the bot speaks', () => published('delivery').some(({ result }) => result === 'delivered'));
    audio.say('Stop, please, I have a question for you.', 'headset-mic');
    await until('it is told', () => published('delivery').some(({ interrupted }) => interrupted === true));
    assert.deepEqual(
      published('delivery').map(({ seq, result, interrupted }) => ({ seq, result, interrupted })),
      [
        { seq: 0, result: 'queued', interrupted: undefined },
        { seq: 0, result: 'delivered', interrupted: undefined },
        { seq: 0, result: 'delivered', interrupted: true },
      ],
    );
    assert.match(await context.metrics.text(), /replies_delivered_total\{[^}]*result="delivered"[^}]*\} 1/);
  });
});

test('text only: nothing that is said becomes an utterance', async () => {
  await withRig({}, async ({ audio, published, context }) => {
    await until('the microphone is heard', () => context.observed().hear?.level === 'full');
    context.setCeilings({ ...FULL_CEILINGS, hear: { level: 'off', by: 'text_only' } });
    audio.say('Nobody hears this.', 'headset-mic');
    const dropped = async () =>
      Number(/frames_dropped_total\{reason="ceiling"[^}]*\} (\d+)/.exec(await context.metrics.text())?.[1] ?? 0);
    await until('three seconds are dropped', async () => (await dropped()) > 100);
    assert.deepEqual(published('utterance'), []);
  });
});

// ROOT CAUSE: sound came in while the devices were still being opened, and was to stop a speaker that did not stand yet.
test('who speaks while the devices are still being opened is heard', async () => {
  const beforeKeys = ({ metrics }: FakeContext<'audio-gateway'>) =>
    until('sound comes in', async () =>
      /understudy_audio_packets_total\{[^}]*result="accepted"[^}]*\} \d{2}/.test(await metrics.text()),
    );
  await withRig({ beforeKeys }, async ({ context }) => {
    await until('the microphone is heard', () => context.observed().hear?.level === 'full');
    assert.deepEqual(context.errors, []);
  });
});
