import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { createFakeContext } from '@understudy/shared/testing';
import { compose } from './app.ts';
import { openActClient } from './testing/act-client.ts';
import { bridgeYaml } from './testing/bridge-config.ts';
import { freePort } from './testing/raw-peer.ts';
import { reply } from './testing/reply-sentence.ts';
import { waitUntil } from './testing/wait-until.ts';

const run = promisify(execFile);
const isMissing = ['oscdump', 'oscsend'].some((program) => spawnSync(program).error !== undefined);
const skip = isMissing && "liblo's oscdump and oscsend are missing: apt-get install liblo-tools";

/** liblo's tools in VRChat's place: a codec that shares nothing with the bridge's. */
async function start(t: TestContext) {
  const [sendPort, receivePort] = [await freePort(), await freePort()];
  const dump = spawn('oscdump', ['-L', String(sendPort)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  createInterface({ input: dump.stdout }).on('line', (line) => lines.push(line.replace(/^\S+ /, '')));
  const context = createFakeContext('osc-bridge', { yaml: bridgeYaml({ sendPort, receivePort }) });
  const parts = await compose(context);
  const client = await openActClient(parts);
  t.after(async () => {
    await client.close();
    await parts.stop();
    dump.kill();
  });
  const send = (...args: string[]) => run('oscsend', ['127.0.0.1', String(receivePort), ...args]);
  await waitUntil('the first question', () => lines.some((line) => line.startsWith('/avatar/parameters/')));
  return { context, client, lines, send };
}

test('liblo hears what is said with the tags of VRChat, and the bridge learns what liblo sends', {
  skip,
}, async (t) => {
  const { context, client, lines, send } = await start(t);
  const has = (line: string) => waitUntil(line, () => lines.includes(line));
  await send('/avatar/change', 's', 'avtr_foreign');
  await send('/avatar/parameters/Emotion', 'i', '0');
  await send('/avatar/parameters/Mood', 'f', '0.25');
  await send('/avatar/parameters/Happy', 'F');
  await waitUntil('VRChat is heard', () => context.observed().act?.level !== 'off');
  await context.bus.deliver('reply', reply('turn-0001', 0, 'Hello Aki', { emotion: 'happy', final: true }));
  await has('/chatbox/input sTF "Hello Aki" #T #F');
  await has('/chatbox/typing F #F');
  await has('/avatar/parameters/Emotion i 1');
  await has('/avatar/parameters/Mood f 1.000000');
  await has('/avatar/parameters/Happy T #T');
  assert.equal((await client.act({ input: 'Vertical', value: 0.5, durationMs: 200 })).statusCode, 200);
  assert.equal((await client.act({ input: 'Jump', value: 1, durationMs: 200 })).statusCode, 200);
  for (const line of ['/input/Vertical f 0.500000', '/input/Vertical f 0.000000', '/input/Jump i 1', '/input/Jump i 0'])
    await has(line);
  const { message } = (await client.act({ input: 'Vertcal', value: 0.5 })).json();
  assert.match(message, /^body\/input must be one of Vertical, Horizontal, .*, Jump, .*QuickMenuToggleRight$/);
  assert.deepEqual((await client.act({ expression: 'wink' })).json(), {
    statusCode: 400,
    error: 'BAD_VALUE',
    message: "vrchat.expressions has no 'wink'; it has happy, sad, neutral, wave, clap, point, cheer, dance",
  });
  assert.deepEqual((await client.act({ expression: 'sad' })).json(), { expression: 'sad' });
  await has('/avatar/parameters/Emotion i 2');
});
