import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createFakeContext, freePort } from '@understudy/shared/testing';
import { startVrchat } from '@understudy/simulators';
import { compose } from './app.ts';
import { bridgeYaml } from './testing/bridge-config.ts';
import { reply } from './testing/reply-sentence.ts';
import { waitUntil } from './testing/wait-until.ts';

const AVATAR = 'avtr_e91b6f34-2a0c-4c57-8d3b-6b7a4f9c1d02';
const line = (body: string): string => `2026.11.24 21:16:16 Debug      -  ${body}\r\n`;

/** A simulated VRChat whose folders are mounted; OSCQuery runs, but only the log may tell its port. */
async function start(t: TestContext, options: { oscQuery: boolean }) {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-vrchat-'));
  const receivePort = await freePort();
  const vrchat = await startVrchat({
    receivePort: 0,
    sendTo: { host: '127.0.0.1', port: receivePort },
    ...(options.oscQuery ? { oscQueryPort: 0 } : {}),
  });
  vrchat.setActivity('idle');
  const { receivePort: sendPort, oscQueryPort } = vrchat.state();
  const log = join(folder, 'output_log_2026-11-24_21-00-00.txt');
  writeFileSync(log, line('Using log file'));
  if (oscQueryPort !== undefined)
    appendFileSync(log, line(`Advertising Service VRChat-Client-A1B2C3 of type OSCQuery on ${oscQueryPort}`));
  const context = createFakeContext('osc-bridge', {
    yaml: bridgeYaml({ sendPort, receivePort }, `  log_folder: ${folder}\n  osc_folder: ${join(folder, 'OSC')}`),
  });
  const parts = await compose(context);
  t.after(async () => {
    await parts.stop();
    await vrchat.close();
    rmSync(folder, { recursive: true });
  });
  await waitUntil('the link is proven', () => context.observed().act?.level === 'full');
  const lossMessage = () => context.errors.find(({ code }) => code === 'OSC_CONNECTION_LOST')?.message;
  return { context, vrchat, folder, lossMessage, write: (body: string) => appendFileSync(log, line(body)) };
}

test("OSCQuery is found by the port in VRChat's log: OSC switched off is told from VRChat gone", async (t) => {
  const { vrchat, lossMessage } = await start(t, { oscQuery: true });
  vrchat.applyFault('osc_disabled');
  await waitUntil('the loss', () => lossMessage() !== undefined);
  assert.match(lossMessage() ?? '', /^VRChat runs \(OSCQuery answers\) but does not apply OSC/);
});

test('without OSCQuery the log tells that VRChat quit', async (t) => {
  const { vrchat, lossMessage, write } = await start(t, { oscQuery: false });
  vrchat.applyFault('osc_connection_lost');
  write('VRCApplication: OnApplicationQuit at 5683.313');
  await waitUntil('the loss', () => lossMessage() !== undefined);
  assert.match(lossMessage() ?? '', /^VRChat is not running: its log ends with its quitting/);
});

test('while the log says that a world loads silence is no loss; entered and still silent, it is', async (t) => {
  const { context, vrchat, lossMessage, write } = await start(t, { oscQuery: false });
  write('[Behaviour] Joining wrld_4432ea9b-729c-46e3-8eaf-846aa0a37fdd:123');
  // The log is looked at every two seconds; the world is known to load only then.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  vrchat.applyFault('osc_connection_lost');
  const asked = () => context.metrics.text().then((all) => Number(/direction="out"[^}]*\} (\d+)/.exec(all)?.[1]));
  const before = await asked();
  while ((await asked()) < before + 6) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(lossMessage(), undefined);
  write('[Behaviour] Finished entering world.');
  await waitUntil('the loss', () => lossMessage() !== undefined);
});

test("an avatar's parameters come from its file where OSCQuery cannot be asked", async (t) => {
  const { context, vrchat, folder } = await start(t, { oscQuery: false });
  const avatars = join(folder, 'OSC', 'usr_1', 'Avatars');
  mkdirSync(avatars, { recursive: true });
  const parameters = ['Emotion:Int', 'Speaking:Bool', 'Hat:Bool', 'UnderstudyProbe:Bool'].map((entry) => {
    const [name = '', type] = entry.split(':');
    const end = { address: `/avatar/parameters/${name}`, type };
    return { name, input: end, output: end };
  });
  writeFileSync(join(avatars, `${AVATAR}.json`), `\uFEFF${JSON.stringify({ id: AVATAR, name: 'Two', parameters })}`);
  const before = vrchat.state().violations.length;
  vrchat.switchAvatar(AVATAR);
  await context.bus.deliver('reply', reply('turn-0001', 0, 'Hi.', { emotion: 'sad', final: true }));
  await waitUntil('the face, as the int that it is', () => vrchat.state().parameters['Emotion'] === 2);
  assert.equal(vrchat.state().violations.length, before);
});
