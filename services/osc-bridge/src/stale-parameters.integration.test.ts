import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createFakeContext, freePort } from '@understudy/shared/testing';
import { startVrchat } from '@understudy/simulators';
import { compose } from './app.ts';
import { bridgeYaml } from './testing/bridge-config.ts';
import { reply } from './testing/reply-sentence.ts';
import { waitUntil } from './testing/wait-until.ts';

const OTHER_AVATAR = 'avtr_e91b6f34-2a0c-4c57-8d3b-6b7a4f9c1d02';

/** A bridge beside a VRChat whose player walks about, so that it sends all the time. */
async function start(t: TestContext, options: { oscQuery: boolean }) {
  const receivePort = await freePort();
  const vrchat = await startVrchat({
    receivePort: 0,
    sendTo: { host: '127.0.0.1', port: receivePort },
    ...(options.oscQuery ? { oscQueryPort: 0 } : {}),
  });
  const { receivePort: sendPort, oscQueryPort } = vrchat.state();
  const context = createFakeContext('osc-bridge', {
    yaml: bridgeYaml({ sendPort, receivePort, oscQueryPort }, '  quiet_after_ms: 1000'),
  });
  const parts = await compose(context);
  t.after(async () => {
    await parts.stop();
    await vrchat.close();
  });
  const probe = () => parts.probes['osc-echo']?.(undefined, AbortSignal.timeout(10_000));
  const act = () => context.observed().act;
  const codes = () => context.errors.map(({ code }) => code);
  const face = (turnId: string, emotion: 'happy' | 'sad') =>
    context.bus.deliver('reply', reply(turnId, 0, '', { emotion, final: true }));
  const newest = () => vrchat.state().received.at(-1)?.at ?? 0;
  /** Which parameters the bridge sent since; the echo is its question. */
  const written = (since = 0) =>
    vrchat
      .state()
      .received.filter(({ address, at }) => at > since && address.startsWith('/avatar/parameters/'))
      .map(({ address }) => address.slice('/avatar/parameters/'.length))
      .filter((name) => name !== 'UnderstudyProbe');
  await waitUntil('the link is proven', () => act()?.level === 'full');
  return { context, vrchat, sendPort, probe, act, codes, face, newest, written };
}

test('F33: VRChat sends but applies nothing: told, waited with, and what was wanted is sent with the echo', async (t) => {
  const { context, vrchat, sendPort, probe, act, codes, face, newest, written } = await start(t, { oscQuery: true });
  await face('turn-0001', 'happy');
  await waitUntil('the face', () => vrchat.state().parameters['Mood'] === 1);

  vrchat.applyFault('osc_writes_ignored');
  await waitUntil('the report', () => codes().length > 0);
  const [stale] = context.errors;
  assert.deepEqual(
    { code: stale?.code, message: stale?.message, act: act() },
    {
      code: 'OSC_PARAMETERS_STALE',
      message: `VRChat sends, but does not apply what 127.0.0.1:${sendPort} is sent: UnderstudyProbe does not change; rejoin the world, or reset the OSC configuration in the Action Menu`,
      act: { level: 'degraded', by: 'parameters_stale' },
    },
  );

  const toldAt = newest();
  const asked = () =>
    vrchat.state().received.filter(({ address, at }) => at > toldAt && address.endsWith('/UnderstudyProbe')).length;
  await face('turn-0002', 'sad');
  await context.bus.deliver('reply', reply('turn-0003', 0, 'Can you read this?', { final: true }));
  // Twice the failing probe asks three times: beats enough for a face to have gone out.
  for (const round of [1, 2]) {
    assert.deepEqual(await probe(), {
      ok: false,
      detail: 'VRChat sends, but did not echo UnderstudyProbe in 3 asks: it does not apply what it is sent',
    });
    await waitUntil(`the asks of round ${round}`, () => asked() >= 3 * round);
  }
  const texts = vrchat.state().received.filter(({ address, at }) => at > toldAt && address === '/chatbox/input');
  assert.deepEqual(
    { written: written(toldAt), texts: texts.map(({ values: [text] }) => text), codes: codes(), act: act()?.by },
    { written: [], texts: ['Can you read this?'], codes: ['OSC_PARAMETERS_STALE'], act: 'parameters_stale' },
  );

  vrchat.clearFaults();
  await waitUntil('the newest face', () => vrchat.state().parameters['Mood'] === -1);
  await waitUntil('full again', () => act()?.level === 'full');
  assert.deepEqual(await probe(), { ok: true, detail: 'VRChat echoed UnderstudyProbe' });
  assert.deepEqual(
    { codes: codes(), again: new Set(written(toldAt)).has('Emotion') },
    { codes: ['OSC_PARAMETERS_STALE'], again: true },
  );
});

test('F34: dead after an avatar change: OSCQuery tells that the new avatar has the bool, so it is told, too', async (t) => {
  const { vrchat, probe, act, codes, face, newest, written } = await start(t, { oscQuery: true });
  await face('turn-0001', 'sad');
  await waitUntil('the face', () => vrchat.state().parameters['Emotion'] === 2);
  vrchat.applyFault('osc_writes_ignored');
  vrchat.switchAvatar(OTHER_AVATAR);
  await waitUntil('the report', () => codes().includes('OSC_PARAMETERS_STALE'));
  const toldAt = newest();
  assert.equal((await probe())?.ok, false);
  assert.deepEqual(
    { act: act(), written: written(toldAt) },
    { act: { level: 'degraded', by: 'parameters_stale' }, written: [] },
  );
  vrchat.clearFaults();
  await waitUntil('the face on the other avatar', () => vrchat.state().parameters['Emotion'] === 2);
  await waitUntil('full again', () => act()?.level === 'full');
  assert.deepEqual(codes(), ['OSC_PARAMETERS_STALE']);
});

test('F33 without OSCQuery: an avatar that echoed before is enough', async (t) => {
  const { vrchat, probe, act, codes } = await start(t, { oscQuery: false });
  await waitUntil('an echo', () => vrchat.state().parameters['UnderstudyProbe'] === true);
  vrchat.applyFault('osc_writes_ignored');
  await waitUntil('the report', () => codes().length > 0);
  assert.equal((await probe())?.ok, false);
  assert.deepEqual({ codes: codes(), by: act()?.by }, { codes: ['OSC_PARAMETERS_STALE'], by: 'parameters_stale' });
  vrchat.clearFaults();
  await waitUntil('full again', () => act()?.level === 'full');
});
