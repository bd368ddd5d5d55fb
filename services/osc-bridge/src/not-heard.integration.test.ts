import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createFakeContext, freePort } from '@understudy/shared/testing';
import { startVrchat } from '@understudy/simulators';
import { compose } from './app.ts';
import { bridgeYaml } from './testing/bridge-config.ts';
import { reply } from './testing/reply-sentence.ts';
import { waitUntil } from './testing/wait-until.ts';

/** A bridge beside a VRChat that does what it is sent and answers OSCQuery; what it sends is lost on the way. */
async function start(t: TestContext, options: { oscQuery: boolean; lostAtStart: boolean }) {
  const receivePort = await freePort();
  const vrchat = await startVrchat({
    receivePort: 0,
    sendTo: { host: '127.0.0.1', port: receivePort },
    ...(options.oscQuery ? { oscQueryPort: 0 } : {}),
  });
  if (options.lostAtStart) vrchat.applyFault('osc_sends_lost');
  const { receivePort: sendPort, oscQueryPort } = vrchat.state();
  const context = createFakeContext('osc-bridge', {
    yaml: bridgeYaml({ sendPort, receivePort, oscQueryPort }, '  quiet_after_ms: 3000'),
  });
  const parts = await compose(context);
  t.after(async () => {
    await parts.stop();
    await vrchat.close();
  });
  const probe = (subject?: string) => parts.probes['osc-echo']?.(subject, AbortSignal.timeout(10_000));
  const told = () => context.errors.map(({ code, subject }) => ({ code, subject }));
  return { context, vrchat, sendPort, receivePort, probe, told, act: () => context.observed().act };
}

test('F52: VRChat does what it is sent, but nothing comes back: told apart, and the bot goes on acting', async (t) => {
  const bridge = await start(t, { oscQuery: true, lostAtStart: true });
  const { context, vrchat, sendPort, receivePort, probe, told, act } = bridge;
  await waitUntil('the report', () => told().length > 0);
  assert.deepEqual(
    { told: told(), message: context.errors[0]?.message, act: act() },
    {
      told: [{ code: 'OSC_NOT_HEARD', subject: `udp:${receivePort}` }],
      message: `VRChat does what 127.0.0.1:${sendPort} is sent (OSCQuery shows that UnderstudyProbe changes), but nothing that it sends arrives at UDP port ${receivePort}; let this port through the firewall, or start VRChat with an --osc= that ends in it (9000:ADDRESS-OF-THIS-MACHINE:${receivePort})`,
      act: { level: 'degraded', by: 'not_heard' },
    },
  );
  await context.bus.deliver('reply', reply('turn-0001', 0, 'Can you read this?', { emotion: 'happy', final: true }));
  await waitUntil('the text and the face', () => {
    const { chatbox, parameters } = vrchat.state();
    return chatbox.text === 'Can you read this?' && parameters['Mood'] === 1;
  });
  assert.deepEqual(await probe(`udp:${receivePort}`), {
    ok: false,
    detail: 'VRChat did not echo UnderstudyProbe in 3 asks, and nothing that it sends arrives',
  });
  assert.deepEqual(await probe('vrchat'), { ok: true, detail: 'OSCQuery shows UnderstudyProbe as it was set' });

  vrchat.clearFaults();
  await waitUntil('full', () => act()?.level === 'full');
  assert.deepEqual(await probe(`udp:${receivePort}`), { ok: true, detail: 'VRChat echoed UnderstudyProbe' });
  assert.equal(told().length, 1);
});

test('F52 in the middle of the show: no loss, and told once the silence has lasted', async (t) => {
  const { vrchat, receivePort, told, act } = await start(t, { oscQuery: true, lostAtStart: false });
  await waitUntil('the link is proven', () => act()?.level === 'full');
  vrchat.applyFault('osc_sends_lost');
  await waitUntil('the report', () => told().length > 0);
  assert.deepEqual(
    { told: told(), act: act() },
    { told: [{ code: 'OSC_NOT_HEARD', subject: `udp:${receivePort}` }], act: { level: 'degraded', by: 'not_heard' } },
  );
});

test('F52 without OSCQuery cannot be told from a VRChat that is gone: it is a loss', async (t) => {
  const { told, act } = await start(t, { oscQuery: false, lostAtStart: true });
  await waitUntil('the loss', () => told().length > 0);
  assert.deepEqual(
    { told: told(), act: act() },
    { told: [{ code: 'OSC_CONNECTION_LOST', subject: 'vrchat' }], act: { level: 'off', by: 'no_echo' } },
  );
});
