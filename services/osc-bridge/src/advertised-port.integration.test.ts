import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createFakeContext, freePort } from '@understudy/shared/testing';
import { startVrchat } from '@understudy/simulators';
import { compose } from './app.ts';
import { bridgeYaml } from './testing/bridge-config.ts';
import { waitUntil } from './testing/wait-until.ts';

/** A bridge beside a VRChat that stands still and answers OSCQuery; `sendPort`: not where VRChat listens. */
async function start(t: TestContext, options: { advertisedOscPort?: number; sendPort?: number }) {
  const receivePort = await freePort();
  const vrchat = await startVrchat({
    receivePort: 0,
    sendTo: { host: '127.0.0.1', port: receivePort },
    oscQueryPort: 0,
    ...(options.advertisedOscPort === undefined ? {} : { advertisedOscPort: options.advertisedOscPort }),
  });
  vrchat.setActivity('idle');
  t.after(() => vrchat.close());
  const { receivePort: truePort, oscQueryPort } = vrchat.state();
  const sendPort = options.sendPort ?? truePort;
  const context = createFakeContext('osc-bridge', { yaml: bridgeYaml({ sendPort, receivePort, oscQueryPort }) });
  const parts = await compose(context);
  t.after(() => parts.stop());
  return { context, vrchat, sendPort, receivePort, truePort };
}

const lossAt = (sendPort: number, receivePort: number, advertised: number): string =>
  `VRChat runs (OSCQuery answers) but does not apply OSC at 127.0.0.1:${sendPort}: UnderstudyProbe did not change; switch OSC on (Action Menu > Options > OSC > Enabled), rejoin the world, or see whether a VPN or firewall keeps 127.0.0.1:${sendPort} or UDP port ${receivePort} from it; VRChat says that it receives at UDP port ${advertised}: if that is so, set vrchat.send_port to it`;

const lossOf = ({ context }: Awaited<ReturnType<typeof start>>) =>
  context.errors.find(({ code }) => code === 'OSC_CONNECTION_LOST');

test("F40: VRChat advertises another port than its own: the operator's is used, and a loss names both", async (t) => {
  const bridge = await start(t, { advertisedOscPort: 9 });
  const { context, vrchat, sendPort, receivePort } = bridge;
  await waitUntil('the link is proven', () => context.observed().act?.level === 'full');
  await waitUntil('echoes at the true port', () => vrchat.state().messagesReceived >= 2);
  assert.deepEqual(context.errors, []);
  vrchat.applyFault('osc_disabled');
  await waitUntil('the loss', () => lossOf(bridge) !== undefined);
  assert.equal(lossOf(bridge)?.message, lossAt(sendPort, receivePort, 9));
});

test("the operator's port is wrong: the loss names the one where VRChat receives", async (t) => {
  const bridge = await start(t, { sendPort: await freePort() });
  await waitUntil('the loss', () => lossOf(bridge) !== undefined);
  assert.equal(lossOf(bridge)?.message, lossAt(bridge.sendPort, bridge.receivePort, bridge.truePort));
});
