import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { bindUdp, closeUdp } from './sockets/bind-udp.ts';
import { LOOPBACK } from './sockets/loopback.ts';
import { modulate } from './speech-signal/speech-signal.ts';
import { type RunningSimulators, startSimulators } from './start-simulators.ts';
import { waitUntil } from './testing/wait-until.ts';
import { encodeAudio } from './vban/vban-audio.ts';
import { DEMO_AVATARS } from './vrchat/avatar.ts';

let simulators: RunningSimulators;
const nowhere = { host: LOOPBACK, port: 9 };
before(async () => {
  simulators = await startSimulators({
    control: { port: 0 },
    vrchat: { receivePort: 0, sendTo: nowhere },
    openai: { port: 0, providers: ['primary'] },
    audio: {
      microphones: [{ id: 'mic', stream: 'Mic', sendTo: nowhere }],
      speakers: [{ id: 'out', stream: 'Out', port: 0 }],
    },
  });
});
after(() => simulators.close());
const call = async (method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> => {
  const response = await fetch(simulators.controlUrl + path, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
};
beforeEach(() => call('DELETE', '/faults'));

test('state of all that run', async () => {
  const { status, body } = await call('GET', '/state');
  assert.equal(status, 200);
  assert.ok(body && typeof body === 'object');
  assert.deepEqual(Object.keys(body), ['vrchat', 'openai', 'audio']);
  assert.equal('vrchat' in body && JSON.stringify(body.vrchat).includes(DEMO_AVATARS[0].id), true);
});

test('a fault goes to the simulator that has it, and all are cleared at once', async () => {
  assert.deepEqual(await call('POST', '/faults', { fault: 'llm_timeout', target: 'primary', durationMs: 60_000 }), {
    status: 200,
    body: { faults: [{ fault: 'llm_timeout', target: 'primary', durationMs: 60_000 }] },
  });
  await call('POST', '/faults', { fault: 'osc_disabled' });
  assert.deepEqual(await call('POST', '/faults', { fault: 'audio_device_unavailable', target: 'mic' }), {
    status: 200,
    body: {
      faults: [
        { fault: 'osc_disabled' },
        { fault: 'llm_timeout', target: 'primary', durationMs: 60_000 },
        { fault: 'audio_device_unavailable', target: 'mic' },
      ],
    },
  });
  assert.equal(simulators.audio?.state().microphones[0]?.condition, 'unavailable');
  assert.deepEqual(await call('DELETE', '/faults'), { status: 200, body: { faults: [] } });
  assert.equal(simulators.audio?.state().microphones[0]?.condition, 'working');
});

test('say and heard: a microphone speaks, a speaker tells what was audible, and VRChat moves the mouth', async (t) => {
  assert.deepEqual(await call('POST', '/say', { text: 'Hello' }), {
    status: 200,
    body: { device: 'mic', durationMs: 640 },
  });
  assert.ok(simulators.vrchat);
  // A voice may be over before anybody looks.
  const { mock } = t.mock.method(simulators.vrchat, 'setSpeaking');
  const socket = await bindUdp('The test', LOOPBACK, 0);
  const port = simulators.audio?.speakerPort('out') ?? 0;
  const spoken = modulate('Good evening', 48_000);
  for (let start = 0; start < spoken.length; start += 256) {
    const samples = spoken.subarray(start, start + 256);
    const packet = encodeAudio({ stream: 'Out', sampleRate: 48_000, channels: 1, counter: start / 256, samples });
    await new Promise((resolve) => socket.send(packet, port, LOOPBACK, resolve));
  }
  await closeUdp(socket);
  await waitUntil('it is heard', () => simulators.audio?.heard('out').length === 1);
  await waitUntil('VRChat hears the end', () => mock.callCount() === 2);
  assert.deepEqual(
    mock.calls.map(({ arguments: [speaking] }) => speaking),
    [true, false],
  );
  const { body } = await call('GET', '/heard');
  assert.deepEqual(body, { out: simulators.audio?.heard('out') });
  assert.equal(simulators.audio?.heard('out')[0]?.text, 'Good evening');
});

test('VRChat falls idle and changes its avatar on request', async () => {
  const avatarId = DEMO_AVATARS[1]?.id;
  assert.deepEqual(await call('POST', '/vrchat', { activity: 'idle', avatarId }), {
    status: 200,
    body: { activity: 'idle', avatarId },
  });
});

test('what cannot be done is refused with the reason', async () => {
  const rows: [string, string, unknown, number, RegExp][] = [
    [
      'POST',
      '/faults',
      { fault: 'llm_timout' },
      400,
      /^No simulator has a fault 'llm_timout'\. Known: osc_connection_lost, /,
    ],
    [
      'POST',
      '/faults',
      { fault: 'llm_timeout', target: 'x' },
      400,
      /^Fault 'llm_timeout' cannot hit 'x'\. Targets: primary\.$/,
    ],
    ['POST', '/faults', { fault: 'camera_gone' }, 409, /^'camera' is not simulated here/],
    ['POST', '/faults', { fault: 'llm_timeout', durationMs: '5' }, 400, /durationMs must be integer/],
    ['POST', '/faults', { fault: 'llm_timeout', more: 1 }, 400, /must NOT have additional properties/],
    ['POST', '/say', { text: '' }, 400, /must NOT have fewer than 1 characters/],
    ['POST', '/say', { text: 'x', device: 'nobody' }, 400, /^There is no microphone 'nobody'\. Known: mic\.$/],
    ['POST', '/vrchat', { avatarId: 'x' }, 400, /^There is no avatar 'x'/],
  ];
  for (const [method, path, body, status, message] of rows) {
    const answer = await call(method, path, body);
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    assert.ok(answer.body && typeof answer.body === 'object' && 'error' in answer.body);
    assert.match(String(answer.body.error), message);
  }
});

test('a page in a browser can do nothing: other Hosts, Origins and simple content types are refused', async () => {
  const faults = (headers: Record<string, string>): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const asked = request(`${simulators.controlUrl}/faults`, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.on('error', reject).end(JSON.stringify({ fault: 'llm_timeout' }));
    });
  const json = { 'content-type': 'application/json' };
  assert.deepEqual(
    [
      await faults({ ...json, host: 'evil.example' }),
      await faults({ ...json, origin: 'https://evil.example' }),
      await faults({ 'content-type': 'text/plain' }),
      await faults({ 'content-type': 'application/x-www-form-urlencoded' }),
      await faults(json),
    ],
    [403, 403, 415, 415, 200],
  );
});
