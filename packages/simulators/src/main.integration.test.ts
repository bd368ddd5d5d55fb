import assert from 'node:assert/strict';
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bindUdp, closeUdp } from './sockets/bind-udp.ts';
import { LOOPBACK } from './sockets/loopback.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const ALL = {
  control: { port: 0 },
  vrchat: { receivePort: 0, sendTo: { host: LOOPBACK, port: 9 }, oscQueryPort: 0 },
  openai: { port: 0, providers: ['primary', 'voice'] },
  camera: { port: 0 },
  audio: {
    microphones: [{ id: 'mic', stream: 'Mic', sendTo: { host: LOOPBACK, port: 9 } }],
    speakers: [{ id: 'out', stream: 'Out', port: 0 }],
  },
};

async function readyLine(child: ChildProcess): Promise<string> {
  assert.ok(child.stdout);
  for await (const line of createInterface(child.stdout)) return line;
  throw new Error('It ended before it was ready.');
}

test('it prints one line of JSON with every address, serves, and ends by SIGTERM', async () => {
  const child = spawn(process.execPath, ['--no-warnings', MAIN, JSON.stringify(ALL)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { ready, control, vrchat, openai, camera, audio } = JSON.parse(await readyLine(child));
  assert.equal(ready, true);
  assert.deepEqual(Object.keys(openai), ['primary', 'voice']);
  assert.deepEqual([typeof vrchat.receivePort, typeof vrchat.oscQueryPort], ['number', 'number']);
  assert.deepEqual(audio.microphones, ALL.audio.microphones);
  assert.equal((await fetch(camera.frame)).status, 200);
  const state: unknown = await (await fetch(`${control}/state`)).json();
  assert.deepEqual(Object.keys(state ?? {}), ['vrchat', 'openai', 'camera', 'audio']);
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('it ends when the IPC channel of its parent does; the JSON may come by the environment', async () => {
  const child = fork(MAIN, {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, UNDERSTUDY_SIMULATORS: JSON.stringify({ control: { port: 0 }, camera: { port: 0 } }) },
  });
  const line = JSON.parse(await readyLine(child));
  assert.deepEqual(Object.keys(line), ['ready', 'control', 'camera']);
  child.disconnect();
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

async function failure(config: string): Promise<{ code: unknown; said: string }> {
  const child = spawn(process.execPath, ['--no-warnings', MAIN, config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    said += part;
  });
  const [code] = await once(child, 'close');
  return { code, said };
}

test('where every peer is real it has nothing to do, and says so', async () => {
  const child = spawn(process.execPath, ['--no-warnings', MAIN, JSON.stringify({ control: { port: 0 } })]);
  const [said, [code]] = await Promise.all([readyLine(child), once(child, 'exit')]);
  assert.deepEqual([said, code], ['Every peer is real: nothing is simulated.', 0]);
});

test('wrong configuration ends it with 78, a port in use with 1, each with one line that says what to do', async () => {
  assert.deepEqual(await failure('{}'), {
    code: 78,
    said: 'The simulators\' configuration is wrong: / must have required properties control. Example: {"control":{"port":8790},"camera":{"port":8792}}\n',
  });
  const taken = await bindUdp('The test', LOOPBACK, 0);
  const { port } = taken.address();
  assert.deepEqual(await failure(JSON.stringify({ ...ALL, vrchat: { ...ALL.vrchat, receivePort: port } })), {
    code: 1,
    said: `VRChat (receivePort) cannot open ${LOOPBACK}:${port} (EADDRINUSE): end the program that uses the port, or choose another port.\n`,
  });
  await closeUdp(taken);
});
