import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, beforeEach, test } from 'node:test';
import { Client } from 'node-osc';
import { bindUdp, closeUdp } from '../sockets/bind-udp.ts';
import { LOOPBACK } from '../sockets/loopback.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { DEMO_AVATARS } from './avatar.ts';
import { type OscMessage, readOscDatagram } from './osc-datagram.ts';
import { startVrchat, type Vrchat } from './vrchat.ts';

const closers: (() => Promise<unknown> | undefined)[] = [];
const closeAll = async (): Promise<void> => {
  for (const close of closers.splice(0)) await close();
};
beforeEach(closeAll);
after(closeAll);

/** A bot: a socket of its own for what VRChat sends, and node-osc's client for what it sends. */
async function setUp({ activity = 'idle', now }: { activity?: 'active' | 'idle'; now?: () => number } = {}) {
  const socket = await bindUdp('The test', LOOPBACK, 0);
  closers.unshift(() => closeUdp(socket));
  const messages: OscMessage[] = [];
  let malformed = 0;
  socket.on('message', (datagram) => {
    const read = readOscDatagram(datagram);
    if (read.type === 'messages') messages.push(...read.messages);
    else malformed += 1;
  });
  const vrchat = await startVrchat({
    receivePort: 0,
    sendTo: { host: LOOPBACK, port: socket.address().port },
    oscQueryPort: 0,
    ...(now && { now }),
  });
  vrchat.setActivity(activity);
  closers.unshift(() => vrchat.close());
  const client = new Client(LOOPBACK, vrchat.state().receivePort);
  closers.unshift(() => client.close());
  const of = (address: string): OscMessage[] => messages.filter((message) => message.address === address);
  return { vrchat, client, messages, of, malformed: () => malformed };
}

const isTrue = { type: 'boolean', value: true };
const change = (id = DEMO_AVATARS[0].id): OscMessage => ({ address: '/avatar/change', tags: 's', values: [id] });
const waitForMessages = (vrchat: Vrchat, count: number) =>
  waitUntil(`${count} messages were received`, () => vrchat.state().messagesReceived >= count);

test('it says which avatar is worn, echoes a parameter as it changes, and is silent while idle', async () => {
  const { vrchat, client, messages } = await setUp();
  await waitUntil('the avatar was announced', () => messages.length >= 1);
  await client.send('/avatar/parameters/UnderstudyProbe', isTrue);
  await client.send('/avatar/parameters/UnderstudyProbe', isTrue);
  await client.send('/avatar/parameters/Emotion', { type: 'integer', value: 3 });
  await client.send('/avatar/parameters/Mood', { type: 'float', value: 1 });
  await waitForMessages(vrchat, 4);
  await waitUntil('the echoes came', () => messages.length >= 4);
  assert.deepEqual(messages, [
    change(),
    { address: '/avatar/parameters/UnderstudyProbe', tags: 'T', values: [true] },
    { address: '/avatar/parameters/Emotion', tags: 'i', values: [3] },
    { address: '/avatar/parameters/Mood', tags: 'f', values: [1] },
  ]);
  assert.deepEqual(vrchat.state().violations, []);
});

test('unknown, mistyped and built-in parameters and unknown addresses are dropped, without an echo, and listed', async () => {
  const { vrchat, client, messages } = await setUp();
  await client.send('/avatar/parameters/Nothing', 1);
  // Without a type node-osc sends 1.0 as an integer: the usual mistake.
  await client.send('/avatar/parameters/Mood', 1.0);
  await client.send('/avatar/parameters/Viseme', 1);
  await client.send('/chatbox/inptu', 'Hello', true, true);
  await client.send('/avatar/change', 'avtr_none');
  await waitForMessages(vrchat, 5);
  const first = DEMO_AVATARS[0].id;
  assert.deepEqual(
    vrchat.state().violations.map(({ rule, detail }) => [rule, detail]),
    [
      ['parameter_unknown', `${first} has no parameter Nothing`],
      ['parameter_mistyped', "Mood is float, ',i' came"],
      ['parameter_read_only', 'Viseme is built in'],
      ['address_unknown', 'VRChat has no /chatbox/inptu'],
      ['avatar_unknown', `There is no avatar 'avtr_none'. Known: ${DEMO_AVATARS.map(({ id }) => id).join(', ')}.`],
    ],
  );
  assert.deepEqual(messages, [change()]);
});

test('the chatbox shows what is sent by its rules and lists what breaks them', async () => {
  let time = 10_000;
  const { vrchat, client } = await setUp({ now: () => time });
  await client.send('/chatbox/typing', true);
  await client.send('/chatbox/input', 'Hello there', true, true);
  await waitForMessages(vrchat, 2);
  assert.equal(vrchat.state().chatbox.typing, true);
  time += 1000;
  await client.send('/chatbox/input', 'Too early', true, true);
  await client.send('/chatbox/typing', false);
  await waitForMessages(vrchat, 4);
  const { text, typing } = vrchat.state().chatbox;
  assert.deepEqual({ text, typing }, { text: 'Hello there', typing: false });
  assert.deepEqual(vrchat.state().violations, [
    { at: 11_000, rule: 'chatbox_too_fast', detail: '1000 ms after the last, at least 1500 are needed' },
  ]);
});

test('while active the built-in parameters trickle; Viseme and Voice move while somebody speaks', async () => {
  const { vrchat, of } = await setUp({ activity: 'active' });
  await waitUntil('it walks', () => of('/avatar/parameters/VelocityX').length > 3);
  assert.equal(of('/avatar/parameters/Viseme').length, 0);
  vrchat.setSpeaking(true);
  await waitUntil('the mouth moves', () => of('/avatar/parameters/Viseme').length > 2);
  assert.equal(of('/avatar/parameters/Viseme')[0]?.tags, 'i');
  assert.equal(of('/avatar/parameters/Voice')[0]?.tags, 'f');
  vrchat.setSpeaking(false);
  await waitUntil('the mouth rests', () => of('/avatar/parameters/Viseme').at(-1)?.values[0] === 0);
});

test('another avatar is announced and has other parameters; pressing Voice mutes', async () => {
  const { vrchat, client, messages } = await setUp();
  const second = DEMO_AVATARS[1]?.id ?? '';
  await client.send('/avatar/change', second);
  await client.send('/avatar/parameters/Hat', isTrue);
  await client.send('/avatar/parameters/Mood', { type: 'float', value: 0.5 });
  await client.send('/input/Voice', { type: 'integer', value: 1 });
  await client.send('/input/Voice', { type: 'integer', value: 0 });
  await waitForMessages(vrchat, 5);
  await waitUntil('all came', () => messages.length >= 4);
  assert.deepEqual(messages, [
    change(),
    change(second),
    { address: '/avatar/parameters/Hat', tags: 'T', values: [true] },
    { address: '/avatar/parameters/MuteSelf', tags: 'T', values: [true] },
  ]);
  assert.deepEqual(
    vrchat.state().violations.map(({ rule }) => rule),
    ['parameter_unknown'],
  );
  assert.throws(() => vrchat.switchAvatar('avtr_none'), { code: 'SIMULATOR_UNKNOWN_AVATAR' });
  vrchat.switchAvatar(DEMO_AVATARS[0].id);
  await waitUntil('it is announced', () => messages.length === 5);
  assert.deepEqual(messages.at(-1), change());
});

test('osc_connection_lost: gone, then back on the same port with /avatar/change and a record of held inputs', async () => {
  const { vrchat, client, of } = await setUp();
  await client.send('/input/Vertical', { type: 'float', value: 1 });
  await client.send('/avatar/parameters/Emotion', { type: 'integer', value: 7 });
  await waitForMessages(vrchat, 2);
  const before = vrchat.state();
  vrchat.applyFault('osc_connection_lost');
  await waitUntil('it is gone', () => !vrchat.state().listening);
  await client.send('/avatar/parameters/Speaking', isTrue);
  await assert.rejects(fetch(`http://${LOOPBACK}:${before.oscQueryPort}/`), TypeError);
  vrchat.clearFaults();
  await waitUntil('it is back', () => of('/avatar/change').length === 2);
  const back = vrchat.state();
  assert.deepEqual(
    [back.listening, back.receivePort, back.oscQueryPort, back.parameters['Emotion'], back.parameters['Speaking']],
    [true, before.receivePort, before.oscQueryPort, 0, false],
  );
  await client.send('/input/Vertical', { type: 'float', value: 0 });
  await waitForMessages(vrchat, 3);
  const [absence] = vrchat.state().absences;
  assert.deepEqual(
    { ...absence, from: typeof absence?.from, until: typeof absence?.until },
    { from: 'number', until: 'number', heldWhenItVanished: { Vertical: 1 }, releasedAfterReturn: ['Vertical'] },
  );
  assert.equal(vrchat.state().absences.length, 1);
});

test('osc_disabled: the sockets stay, nothing is taken and nothing is sent', async () => {
  const { vrchat, client, messages, of } = await setUp({ activity: 'active' });
  await waitUntil('it walks', () => of('/avatar/parameters/VelocityX').length > 3);
  vrchat.applyFault('osc_disabled');
  assert.equal(vrchat.state().listening, true);
  const { messagesSent } = vrchat.state();
  for (let index = 0; index < 5; index += 1) await client.send('/avatar/parameters/UnderstudyProbe', isTrue);
  // Long enough for two dozen instants of a walk: none of them may go out.
  await new Promise((resolve) => setTimeout(resolve, 600));
  const { messagesReceived, messagesSent: sentSince, parameters } = vrchat.state();
  assert.deepEqual([messagesReceived, sentSince, parameters['UnderstudyProbe']], [0, messagesSent, false]);
  const until = messages.length;
  vrchat.clearFaults();
  await waitUntil('it walks again', () => messages.length > until);
});

test('osc_writes_ignored: it goes on sending and hears, but applies nothing', async () => {
  const { vrchat, client, messages, of } = await setUp({ activity: 'active' });
  vrchat.applyFault('osc_writes_ignored');
  await client.send('/avatar/parameters/UnderstudyProbe', isTrue);
  await client.send('/chatbox/input', 'Hello', { type: 'boolean', value: true }, { type: 'boolean', value: true });
  await client.send('/input/Vertical', { type: 'float', value: 1 });
  await waitForMessages(vrchat, 3);
  const walked = messages.length;
  await waitUntil('it walks on', () => messages.length > walked);
  const { parameters, chatbox, heldInputs, violations } = vrchat.state();
  assert.deepEqual(
    { probe: parameters['UnderstudyProbe'], echoes: of('/avatar/parameters/UnderstudyProbe'), text: chatbox.text },
    { probe: false, echoes: [], text: '' },
  );
  assert.deepEqual({ heldInputs, violations }, { heldInputs: {}, violations: [] });
  vrchat.clearFaults();
  await client.send('/avatar/parameters/UnderstudyProbe', isTrue);
  await waitUntil('the echo', () => of('/avatar/parameters/UnderstudyProbe').length === 1);
});

test('osc_sends_lost: it hears, applies and answers OSCQuery, but nothing that it sends arrives', async () => {
  const { vrchat, client, messages } = await setUp({ activity: 'active' });
  vrchat.applyFault('osc_sends_lost');
  const { messagesSent } = vrchat.state();
  await client.send('/avatar/parameters/UnderstudyProbe', isTrue);
  await client.send('/avatar/parameters/Emotion', { type: 'integer', value: 3 });
  await waitForMessages(vrchat, 2);
  const { parameters, messagesSent: sentSince, oscQueryPort } = vrchat.state();
  const shown = JSON.parse((await get(oscQueryPort, '/avatar/parameters/UnderstudyProbe')).body);
  assert.deepEqual(
    { probe: parameters['UnderstudyProbe'], emotion: parameters['Emotion'], shown: shown.VALUE, sent: sentSince },
    { probe: true, emotion: 3, shown: [true], sent: messagesSent },
  );
  const before = messages.length;
  vrchat.clearFaults();
  await waitUntil('it is heard again', () => messages.length > before);
});

test('osc_garbage: every kind of malformed datagram comes; osc_flood: about a thousand messages a second', async () => {
  const { vrchat, malformed, of } = await setUp();
  vrchat.applyFault('osc_garbage');
  await waitUntil('the garbage came', () => malformed() >= 12);
  vrchat.clearFaults();
  vrchat.applyFault('osc_flood', undefined, 60_000);
  const start = performance.now();
  await waitUntil('the flood came', () => of('/avatar/parameters/Tail_Angle').length >= 300);
  // 900 messages need 900 ms at the least; the machine may make it later, never earlier.
  assert.ok(performance.now() - start > 800);
});

test('malformed datagrams are listed and harm nothing', async () => {
  const { vrchat } = await setUp();
  const socket = await bindUdp('The test', LOOPBACK, 0);
  closers.unshift(() => closeUdp(socket));
  socket.send('garbage', vrchat.state().receivePort, LOOPBACK);
  await waitUntil('it was listed', () => vrchat.state().violations.length === 1);
  assert.equal(vrchat.state().violations[0]?.detail, '7 bytes: OSC comes in multiples of four');
});

function get(
  port: number | undefined,
  path: string,
  host?: string,
): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: LOOPBACK, port, path, headers: host === undefined ? {} : { host } }, (response) => {
      response.setEncoding('utf8');
      let body = '';
      response.on('data', (part: string) => {
        body += part;
      });
      response.on('end', () => resolve({ status: response.statusCode, body }));
    });
    asked.on('error', reject).end();
  });
}

test('OSCQuery: host info, the tree, one node and its value, and no other Host', async () => {
  const { vrchat, client } = await setUp();
  await client.send('/avatar/parameters/Emotion', { type: 'integer', value: 3 });
  await waitForMessages(vrchat, 1);
  const { oscQueryPort: port, receivePort } = vrchat.state();
  const json = async (path: string): Promise<unknown> => JSON.parse((await get(port, path)).body);

  assert.deepEqual(await json('/?HOST_INFO'), {
    NAME: 'VRChat-Client-A1B2C3',
    OSC_IP: '127.0.0.1',
    OSC_PORT: receivePort,
    OSC_TRANSPORT: 'UDP',
    EXTENSIONS: { ACCESS: true, CLIPMODE: false, RANGE: true, TYPE: true, VALUE: true },
  });
  const emotion = { FULL_PATH: '/avatar/parameters/Emotion', ACCESS: 3, TYPE: 'i', VALUE: [3] };
  assert.deepEqual(await json('/avatar/parameters/Emotion'), emotion);
  assert.deepEqual(await json('/avatar/parameters/Emotion?VALUE'), { VALUE: [3] });
  assert.deepEqual(await json('/avatar/change'), {
    FULL_PATH: '/avatar/change',
    ACCESS: 3,
    TYPE: 's',
    VALUE: [DEMO_AVATARS[0].id],
  });
  const tree = await get(port, '/', `localhost:${port}`);
  const { FULL_PATH, CONTENTS } = JSON.parse(tree.body);
  assert.deepEqual([tree.status, FULL_PATH, Object.keys(CONTENTS)], [200, '/', ['avatar', 'chatbox', 'input']]);
  assert.deepEqual(CONTENTS.avatar.CONTENTS.parameters.CONTENTS.Emotion, emotion);

  assert.equal((await get(port, '/avatar/parameters/Nothing')).status, 404);
  assert.equal((await get(port, '/constructor')).status, 404);
  assert.equal((await get(port, '/', 'host.docker.internal')).status, 400);
  assert.deepEqual(
    vrchat.state().violations.map(({ rule }) => rule),
    ['oscquery_host'],
  );
});

test('OSCQuery tells the port that it was told to tell, whatever the true one is', async () => {
  const vrchat = await startVrchat({
    receivePort: 0,
    sendTo: { host: LOOPBACK, port: 9 },
    oscQueryPort: 0,
    advertisedOscPort: 9000,
  });
  closers.unshift(() => vrchat.close());
  assert.equal(JSON.parse((await get(vrchat.state().oscQueryPort, '/?HOST_INFO')).body).OSC_PORT, 9000);
});

test('a port in use is named with the remedy', async () => {
  const taken = await bindUdp('The test', LOOPBACK, 0);
  closers.unshift(() => closeUdp(taken));
  const { port } = taken.address();
  await assert.rejects(startVrchat({ receivePort: port, sendTo: { host: LOOPBACK, port: 9 } }), {
    code: 'SIMULATOR_PORT_UNAVAILABLE',
    message: `VRChat (receivePort) cannot open ${LOOPBACK}:${port} (EADDRINUSE): end the program that uses the port, or choose another port.`,
  });
});
