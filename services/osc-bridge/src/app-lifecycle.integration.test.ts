import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeContext, type FakeContext, freePort } from '@understudy/shared/testing';
import { startVrchat } from '@understudy/simulators';
import { compose } from './app.ts';
import { openActClient } from './testing/act-client.ts';
import { bridgeYaml } from './testing/bridge-config.ts';
import { openRawPeer } from './testing/raw-peer.ts';
import { reply } from './testing/reply-sentence.ts';
import { waitUntil } from './testing/wait-until.ts';

const act = (context: FakeContext<'osc-bridge'>) => context.observed().act;
const isFull = (context: FakeContext<'osc-bridge'>) => act(context)?.level === 'full';

test('the end puts out the bubble and releases what is held', async (t) => {
  const receivePort = await freePort();
  const vrchat = await startVrchat({ receivePort: 0, sendTo: { host: '127.0.0.1', port: receivePort } });
  t.after(() => vrchat.close());
  const context = createFakeContext('osc-bridge', {
    yaml: bridgeYaml({ sendPort: vrchat.state().receivePort, receivePort }, '  input_lease_ms: 60000'),
  });
  const parts = await compose(context);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= parts.stop();
    return stopped;
  };
  t.after(stop);
  const client = await openActClient(parts);
  t.after(client.close);
  await waitUntil('the link is proven', () => isFull(context));
  await context.bus.deliver('reply', reply('turn-0001', 0, 'And then'));
  await client.act({ input: 'Run', value: 1 });
  await waitUntil('bubble and step', () => vrchat.state().chatbox.typing && vrchat.state().heldInputs['Run'] === 1);
  await stop();
  await waitUntil('the end', () => !vrchat.state().chatbox.typing && vrchat.state().heldInputs['Run'] === undefined);
  assert.deepEqual(vrchat.state().violations, []);
});

test('a port that is taken is reported, and opened as soon as it is free', async (t) => {
  const holder = await openRawPeer();
  t.after(() => holder.close());
  const vrchat = await startVrchat({ receivePort: 0, sendTo: { host: '127.0.0.1', port: holder.port } });
  const context = createFakeContext('osc-bridge', {
    yaml: bridgeYaml({ sendPort: vrchat.state().receivePort, receivePort: holder.port }),
  });
  const parts = await compose(context);
  t.after(async () => {
    await parts.stop();
    await vrchat.close();
  });
  await waitUntil('off', () => act(context)?.level === 'off');
  assert.deepEqual(
    { act: act(context), codes: context.errors.map(({ code }) => code) },
    { act: { level: 'off', by: 'port_in_use' }, codes: ['OSC_PORT_IN_USE'] },
  );
  await context.bus.deliver('reply', reply('turn-0001', 0, 'Hello.'));
  assert.deepEqual(context.bus.published, [
    {
      topic: 'delivery',
      message: {
        turnId: 'turn-0001',
        seq: 0,
        service: 'osc-bridge',
        result: 'failed',
        errorId: context.errors[0]?.id,
        errorCode: 'OSC_PORT_IN_USE',
        observed: { act: { level: 'off', by: 'port_in_use' } },
      },
    },
  ]);
  await holder.close();
  await waitUntil('full', () => isFull(context));
});

test('while the supervisor is silent the bridge reconnects by itself, and says so when it is back', async (t) => {
  const receivePort = await freePort();
  const context = createFakeContext('osc-bridge', {
    yaml: bridgeYaml(
      { sendPort: await freePort(), receivePort },
      'health: { supervisor_silent_ms: 100 }\nrecovery: { reconnect_retry: { initial_delay_ms: 50, slow_probe_ms: 200 } }',
    ),
  });
  let supervised = false;
  Object.assign(context, { isSupervised: () => supervised });
  const parts = await compose(context);
  t.after(() => parts.stop());
  await waitUntil('off', () => act(context)?.level === 'off');
  const loggedAttempts = t.mock.method(context.logger, 'warning');
  await waitUntil('an attempt', () =>
    loggedAttempts.mock.calls.some(({ arguments: [line] }) => line.startsWith('The supervisor is silent')),
  );
  supervised = true;
  await waitUntil('the report', () => context.errors.some(({ code }) => code === 'SUPERVISOR_SILENT'));
  const [report, ...more] = context.errors.filter(({ code }) => code === 'SUPERVISOR_SILENT');
  assert.match(
    report?.message ?? '',
    /^the supervisor was silent for more than 100 ms; the osc-bridge reconnected by itself \d+ times meanwhile$/,
  );
  assert.deepEqual(more, []);
});
