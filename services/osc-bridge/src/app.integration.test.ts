import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { FULL_CEILINGS } from '@understudy/shared/contracts';
import type { ServiceParts } from '@understudy/shared/service';
import { createFakeContext, type FakeContext, freePort } from '@understudy/shared/testing';
import { startVrchat, type Vrchat } from '@understudy/simulators';
import { compose } from './app.ts';
import { encodeMessage } from './osc/encode-message.ts';
import { float, message } from './osc/osc-message.ts';
import { openActClient } from './testing/act-client.ts';
import { bridgeYaml } from './testing/bridge-config.ts';
import { openRawPeer, type RawPeer } from './testing/raw-peer.ts';
import { reply } from './testing/reply-sentence.ts';
import { waitUntil } from './testing/wait-until.ts';

interface Stack {
  readonly context: FakeContext<'osc-bridge'>;
  readonly parts: ServiceParts<'osc-bridge'>;
  readonly vrchat: Vrchat;
  readonly receivePort: number;
}

const act = (context: FakeContext<'osc-bridge'>) => context.observed().act;
const FULL = { level: 'full', by: 'vrchat' } as const;
const isFull = (context: FakeContext<'osc-bridge'>) => act(context)?.level === 'full';
const never = new AbortController().signal;

/** The whole bridge against a simulated VRChat; the bus is played. */
async function start(t: TestContext, options: { oscQuery?: boolean; more?: string } = {}): Promise<Stack> {
  const receivePort = await freePort();
  const vrchat = await startVrchat({
    receivePort: 0,
    sendTo: { host: '127.0.0.1', port: receivePort },
    ...(options.oscQuery === false ? {} : { oscQueryPort: 0 }),
  });
  vrchat.setActivity('idle');
  const state = vrchat.state();
  const context = createFakeContext('osc-bridge', {
    yaml: bridgeYaml({ sendPort: state.receivePort, receivePort, oscQueryPort: state.oscQueryPort }, options.more),
  });
  const parts = await compose(context);
  t.after(async () => {
    await parts.stop();
    await vrchat.close();
  });
  await waitUntil('the link is proven', () => isFull(context));
  return { context, parts, vrchat, receivePort };
}

const deliveries = (context: FakeContext<'osc-bridge'>) =>
  context.bus.published.filter(({ topic }) => topic === 'delivery').map((sent) => sent.message);
const metric = async (context: FakeContext<'osc-bridge'>, line: RegExp): Promise<number> =>
  Number(line.exec(await context.metrics.text())?.[1] ?? 0);

test('a reply is shown, page by page, with its bubble and its face, within every limit of VRChat', async (t) => {
  const { context, vrchat } = await start(t);
  await context.bus.deliver('reply', reply('turn-0001', 0, 'Hello Aki, nice to see you!', { emotion: 'happy' }));
  await waitUntil(
    'the first sentence and the bubble',
    () => vrchat.state().chatbox.text !== '' && vrchat.state().chatbox.typing,
  );
  const long =
    'I spent the morning counting clouds over the lake, and every single one of them looked a little bit like you. Shall we go outside?';
  await context.bus.deliver('reply', reply('turn-0001', 1, long, { final: true }));
  await waitUntil('the second page', () => vrchat.state().chatbox.text.includes('outside'));
  const { chatbox, parameters, violations } = vrchat.state();
  assert.deepEqual(
    {
      pages: chatbox.messages.map(({ text }) => text),
      typing: chatbox.typing,
      mood: parameters['Mood'],
      emotion: parameters['Emotion'],
      violations,
    },
    { pages: ['Hello Aki, nice to see you!', long], typing: false, mood: 1, emotion: 1, violations: [] },
  );
  const told = { service: 'osc-bridge', result: 'queued', observed: { act: FULL } };
  assert.deepEqual(deliveries(context), [
    { turnId: 'turn-0001', seq: 0, ...told },
    { turnId: 'turn-0001', seq: 1, ...told },
  ]);
  assert.deepEqual(context.errors, []);
});

test('VRChat vanishes: one report, no more is sent, and when it is back all is released, put out and sent again', async (t) => {
  const { context, parts, vrchat } = await start(t, { more: '  input_lease_ms: 60000' });
  const { act: hold, close } = await openActClient(parts);
  t.after(close);

  await context.bus.deliver('reply', reply('turn-0001', 0, 'Watch me walk.', { emotion: 'happy' }));
  await waitUntil('the face', () => vrchat.state().parameters['Mood'] === 1);
  assert.equal((await hold({ input: 'Vertical', value: 1 }, 'wrong')).statusCode, 401);
  assert.equal((await hold({ input: 'Fly', value: 1 })).statusCode, 400);
  assert.deepEqual((await hold({ input: 'Jump', value: 0.5 })).json(), {
    statusCode: 400,
    error: 'BAD_VALUE',
    message: 'Jump is a button: it takes 0 or 1',
  });
  assert.deepEqual((await hold({ input: 'Vertical', value: 1 })).json(), {
    input: 'Vertical',
    value: 1,
    held_for_ms: 60_000,
  });
  await waitUntil('the step', () => vrchat.state().heldInputs['Vertical'] === 1);
  vrchat.applyFault('osc_connection_lost');
  await waitUntil('the loss', () => act(context)?.level === 'off');
  assert.deepEqual(act(context), { level: 'off', by: 'no_echo' });
  const [loss] = context.errors.filter(({ code }) => code === 'OSC_CONNECTION_LOST');
  assert.match(loss?.message ?? '', /^VRChat is not running: nobody answers OSCQuery/);

  await context.bus.deliver('reply', reply('turn-0002', 0, 'Nobody sees this.', { final: true }));
  assert.deepEqual(deliveries(context).at(-1), {
    turnId: 'turn-0002',
    seq: 0,
    service: 'osc-bridge',
    result: 'failed',
    errorId: loss?.id,
    errorCode: 'OSC_CONNECTION_LOST',
    observed: { act: { level: 'off', by: 'no_echo' } },
  });
  assert.deepEqual((await hold({ input: 'Vertical', value: 1 })).json(), {
    statusCode: 409,
    error: 'CANNOT_ACT',
    message: `the avatar cannot act now (no_echo): ${loss?.message}`,
  });
  assert.equal((await parts.probes['osc-echo']?.(undefined, AbortSignal.timeout(4000)))?.ok, false);

  vrchat.clearFaults();
  await waitUntil('full again', () => isFull(context));
  await waitUntil('the release', () => vrchat.state().absences[0]?.releasedAfterReturn.length === 1);
  const { absences, heldInputs, chatbox, violations } = vrchat.state();
  assert.deepEqual(
    {
      held: absences[0]?.heldWhenItVanished,
      released: absences[0]?.releasedAfterReturn,
      heldInputs,
      typing: chatbox.typing,
      violations,
    },
    { held: { Vertical: 1 }, released: ['Vertical'], heldInputs: {}, typing: false, violations: [] },
  );
  assert.deepEqual(await parts.probes['osc-echo']?.(undefined, AbortSignal.timeout(4000)), {
    ok: true,
    detail: 'VRChat echoed UnderstudyProbe',
  });
  const { host, send_port, receive_port } = context.config().vrchat;
  const gone = async (subject: string) =>
    (await parts.probes['osc-echo']?.(subject, AbortSignal.timeout(4000)))?.gone ?? false;
  for (const subject of [`${host}:${send_port}`, `udp:${receive_port}`, 'vrchat', 'Vertical'])
    assert.equal(await gone(subject), false, subject);
  for (const subject of ['gone.example:9000', 'udp:1']) assert.equal(await gone(subject), true, subject);
  assert.equal(context.errors.filter(({ code }) => code === 'OSC_CONNECTION_LOST').length, 1);
});

test('another avatar gets the face again, after it has loaded, but only what it has', async (t) => {
  const { context, vrchat } = await start(t);
  await context.bus.deliver('reply', reply('turn-0001', 0, 'Hi.', { emotion: 'sad', final: true }));
  await waitUntil('the face', () => vrchat.state().parameters['Emotion'] === 2);
  vrchat.switchAvatar('avtr_e91b6f34-2a0c-4c57-8d3b-6b7a4f9c1d02');
  await waitUntil('the face on the other avatar', () => vrchat.state().parameters['Emotion'] === 2);
  assert.deepEqual(
    { mood: vrchat.state().parameters['Mood'], violations: vrchat.state().violations },
    { mood: undefined, violations: [] },
  );
  assert.ok((await metric(context, /^understudy_avatar_parameters_total\{[^}]*result="missing"[^}]*\} (\d+)/m)) >= 1);
});

test('OSC switched off in the menu is told from VRChat gone, and the way back is found', async (t) => {
  const { context, vrchat } = await start(t);
  vrchat.applyFault('osc_disabled');
  await waitUntil('the loss', () => act(context)?.level === 'off');
  assert.match(context.errors[0]?.message ?? '', /^VRChat runs \(OSCQuery answers\) but does not apply OSC at /);
  vrchat.clearFaults();
  await waitUntil('full again', () => isFull(context));
});

test('without OSCQuery a loss is found, too', async (t) => {
  const { context, vrchat } = await start(t, { oscQuery: false });
  vrchat.applyFault('osc_connection_lost');
  await waitUntil('the loss', () => act(context)?.level === 'off');
  assert.match(
    context.errors[0]?.message ?? '',
    /sends nothing to UDP port \d+ and does not echo UnderstudyProbe; start VRChat/,
  );
  vrchat.clearFaults();
  await waitUntil('full again', () => isFull(context));
});

test('an idle avatar is no failure', async (t) => {
  // Much longer than the echo's interval: a machine that is slow is not what is tested here.
  const { context, vrchat } = await start(t, { more: '  quiet_after_ms: 3000' });
  const isQuiet = async () => (await metric(context, /^understudy_osc_link_state\{[^}]*\} (\d)/m)) === 1;
  while (!(await isQuiet())) await new Promise((resolve) => setTimeout(resolve, 50));
  const asked = () => vrchat.state().received.filter(({ address }) => address.endsWith('/UnderstudyProbe')).length;
  const before = asked();
  await waitUntil('three more echoes', () => asked() >= before + 3);
  assert.deepEqual({ act: act(context), errors: context.errors }, { act: FULL, errors: [] });
});

test('garbage and a flood are counted and change nothing', async (t) => {
  const { context, vrchat } = await start(t);
  vrchat.applyFault('osc_garbage');
  vrchat.applyFault('osc_flood');
  const counted = async () => ({
    bad: await metric(context, /^understudy_bad_input_total\{[^}]*reason="malformed"[^}]*\} (\d+)/m),
    messages: await metric(context, /^understudy_osc_messages_total\{[^}]*direction="in"[^}]*\} (\d+)/m),
  });
  for (let seen = await counted(); seen.bad < 5 || seen.messages < 1000; seen = await counted())
    await new Promise((resolve) => setTimeout(resolve, 50));
  vrchat.clearFaults();
  assert.deepEqual({ act: act(context), errors: context.errors }, { act: FULL, errors: [] });
});

/** Deterministic, so that a failure can be played again. */
function* mutations(original: Buffer, count: number): Generator<Buffer> {
  let seed = 42;
  const next = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed % below;
  };
  for (let index = 0; index < count; index += 1) {
    const bytes = Buffer.from(original);
    for (let change = 0; change <= next(4); change += 1) bytes[next(bytes.length)] = next(256);
    yield next(3) === 0 ? bytes.subarray(0, next(bytes.length)) : bytes;
  }
}

test('three thousand mutated datagrams later it still acts', async (t) => {
  const { context, vrchat, receivePort } = await start(t);
  const peer: RawPeer = await openRawPeer();
  t.after(() => peer.close());
  const bundle = Buffer.concat([
    Buffer.from('#bundle\0\0\0\0\0\0\0\0\x01\0\0\0\x10'),
    encodeMessage(message('/avatar/p', float(1))),
  ]);
  for (const original of [encodeMessage(message('/avatar/parameters/Mood', float(0.5))), bundle]) {
    for (const datagram of mutations(original, 1500)) await peer.send(datagram, receivePort);
  }
  await context.bus.deliver('reply', reply('turn-0001', 0, 'Still here.', { final: true }));
  await waitUntil('the sentence', () => vrchat.state().chatbox.text === 'Still here.');
  assert.equal(context.errors.filter(({ code }) => code === 'UNEXPECTED_ERROR').length, 0);
  assert.ok((await metric(context, /^understudy_bad_input_total\{[^}]*reason="malformed"[^}]*\} (\d+)/m)) > 0);
});

test('the command reconnects with new sockets, releases and proves it; the other command releases', async (t) => {
  const { parts, vrchat } = await start(t);
  assert.deepEqual(await parts.commands.reconnect({}, never), { ok: true, detail: 'VRChat echoed UnderstudyProbe' });
  assert.deepEqual(await parts.commands['release-inputs']({}, never), {
    ok: true,
    detail: '0 held inputs released',
    data: { held: 0 },
  });
  vrchat.applyFault('osc_connection_lost');
  const { ok, detail } = await parts.commands.reconnect({}, AbortSignal.timeout(4000));
  assert.deepEqual(
    { ok, says: /no echo of UnderstudyProbe|did not echo UnderstudyProbe/.test(detail) },
    { ok: false, says: true },
  );
});

test('what the supervisor forbids is skipped, and what is held is released', async (t) => {
  const { context, parts, vrchat } = await start(t, { more: '  input_lease_ms: 60000' });
  const { act: hold, close } = await openActClient(parts);
  t.after(close);
  await hold({ input: 'MoveForward', value: 1 });
  await waitUntil('the step', () => vrchat.state().heldInputs['MoveForward'] === 1);
  const ceiling = { level: 'off', by: 'essential_mode' } as const;
  context.setCeilings({ ...FULL_CEILINGS, act: ceiling });
  parts.onCeiling?.('act', ceiling);
  await waitUntil('the release', () => vrchat.state().heldInputs['MoveForward'] === undefined);
  await context.bus.deliver('reply', reply('turn-0001', 0, 'Unseen.', { emotion: 'happy', final: true }));
  assert.deepEqual(deliveries(context), [
    { turnId: 'turn-0001', seq: 0, service: 'osc-bridge', result: 'skipped', observed: { act: FULL } },
  ]);
  assert.equal((await hold({ input: 'MoveForward', value: 1 })).statusCode, 409);
  const { chatbox, parameters, heldInputs } = vrchat.state();
  assert.deepEqual({ text: chatbox.text, mood: parameters['Mood'], heldInputs }, { text: '', mood: 0, heldInputs: {} });
});

test('a sentence without text changes the face only', async (t) => {
  const { context, vrchat } = await start(t);
  await context.bus.deliver('reply', reply('turn-0001', 0, '', { emotion: 'happy', final: true }));
  await waitUntil('the face', () => vrchat.state().parameters['Mood'] === 1);
  assert.deepEqual(deliveries(context), [
    { turnId: 'turn-0001', seq: 0, service: 'osc-bridge', result: 'skipped', observed: { act: FULL } },
  ]);
});
