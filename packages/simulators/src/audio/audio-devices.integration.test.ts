import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, beforeEach, test } from 'node:test';
import { VBANProtocolFactory, VBANServer, VBANServicePacket } from 'vban';
import { bindUdp, closeUdp } from '../sockets/bind-udp.ts';
import { LOOPBACK } from '../sockets/loopback.ts';
import { modulate } from '../speech-signal/speech-signal.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { decodeVban } from '../vban/decode-vban.ts';
import { encodeAudio } from '../vban/vban-audio.ts';
import { encodePing } from '../vban/vban-ping.ts';
import { type AudioDevices, startAudioDevices, UnknownDeviceError } from './audio-devices.ts';
import { createSpeechListener } from './speech-listener.ts';

const closers: (() => Promise<void>)[] = [];
const closeAll = async (): Promise<void> => {
  for (const close of closers.splice(0)) await close();
};
beforeEach(closeAll);
after(closeAll);

function append<Item>(lists: Record<string, Item[]>, key: string, item: Item): void {
  lists[key] = [...(lists[key] ?? []), item];
}

/** A receiver as the audio-gateway has one: it listens to each stream that the microphones send. */
async function openReceiver() {
  const socket = await bindUdp('The test', LOOPBACK, 0);
  closers.push(() => closeUdp(socket));
  const texts: Record<string, string[]> = {};
  const counters: Record<string, number[]> = {};
  const malformed: string[] = [];
  const listeners = new Map<string, ReturnType<typeof createSpeechListener>>();
  let lastPeak = 0;
  socket.on('message', (datagram) => {
    const packet = decodeVban(datagram);
    if (packet.type === 'malformed') malformed.push(packet.reason);
    if (packet.type !== 'audio') return;
    const { stream, counter, samples, sampleRate } = packet;
    const listener = listeners.get(stream) ?? createSpeechListener(sampleRate, (text) => append(texts, stream, text));
    listeners.set(stream, listener);
    listener.push(samples);
    append(counters, stream, counter);
    lastPeak = samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
  });
  return { port: socket.address().port, texts, counters, malformed, lastPeak: () => lastPeak };
}

async function start(receiverPort: number): Promise<AudioDevices> {
  const sendTo = { host: LOOPBACK, port: receiverPort };
  // Both speakers share one port, as in the demo.
  const free = await bindUdp('The test', LOOPBACK, 0);
  const { port } = free.address();
  await closeUdp(free);
  const devices = await startAudioDevices({
    microphones: [
      { id: 'headset-mic', stream: 'HeadsetMic', sendTo },
      { id: 'desk-mic', stream: 'DeskMic', sendTo },
    ],
    speakers: [
      { id: 'headset-out', stream: 'HeadsetOut', port },
      { id: 'desk-out', stream: 'DeskOut', port },
    ],
  });
  closers.push(() => devices.close());
  return devices;
}

/** Sends a text to a speaker as a VBAN stream; `skip` leaves packets out. */
async function play(port: number, stream: string, text: string, skip: (counter: number) => boolean = () => false) {
  const socket = await bindUdp('The test', LOOPBACK, 0);
  const spoken = modulate(text, 48_000);
  for (let start = 0, counter = 0; start < spoken.length; start += 256, counter += 1) {
    if (skip(counter)) continue;
    const samples = spoken.subarray(start, start + 256);
    const packet = encodeAudio({ stream, sampleRate: 48_000, channels: 1, counter, samples });
    await new Promise((resolve) => socket.send(packet, port, LOOPBACK, resolve));
    // Paced in bursts of 16: a receive buffer holds far more, and the test need not take the time of the sound.
    if (counter % 16 === 0) await new Promise((resolve) => setTimeout(resolve, 4));
  }
  await closeUdp(socket);
}

test('what is said into a microphone arrives over VBAN, from the right one only, without loss', async () => {
  const receiver = await openReceiver();
  const devices = await start(receiver.port);
  assert.deepEqual(devices.say('Hello from the headset', 'headset-mic'), { device: 'headset-mic', durationMs: 1320 });
  devices.say('And one from the desk', 'desk-mic');
  await waitUntil('both were heard', () => Object.keys(receiver.texts).length === 2);
  assert.deepEqual(receiver.texts, { HeadsetMic: ['Hello from the headset'], DeskMic: ['And one from the desk'] });
  for (const counters of Object.values(receiver.counters)) {
    assert.deepEqual(
      counters,
      Array.from({ length: counters.length }, (_, index) => index),
    );
  }
});

test('a speaker hears what is played to it, even when some packets are lost', async () => {
  const devices = await start(9);
  const port = devices.speakerPort('desk-out');
  await play(port, 'DeskOut', 'The show goes on', (counter) => counter % 50 === 20);
  await waitUntil('the text was heard', () => devices.heard('desk-out').length === 1);
  const [headset, desk] = devices.state().speakers;
  assert.deepEqual([headset?.heard, headset?.packetsReceived], [[], 0]);
  assert.deepEqual(
    { ...desk, lastPacketAt: undefined, heard: desk?.heard.map(({ text }) => text) },
    {
      id: 'desk-out',
      stream: 'DeskOut',
      port,
      listening: true,
      condition: 'working',
      packetsReceived: 199,
      packetsLost: 4,
      packetsOutOfOrder: 0,
      senderRestarts: 0,
      audioMs: 1059,
      voicedMs: 1059,
      sampleRate: 48_000,
      lastPacketAt: undefined,
      heard: ['The show goes on'],
    },
  );
});

test('an unavailable microphone sends nothing and is heard again afterwards; the other one goes on', async () => {
  const receiver = await openReceiver();
  const devices = await start(receiver.port);
  devices.applyFault('audio_device_unavailable', 'headset-mic');
  assert.equal(devices.state().microphones[0]?.condition, 'unavailable');
  devices.say('Nobody hears this', 'headset-mic');
  const silentFrom = receiver.counters['HeadsetMic']?.length ?? 0;
  const deskFrom = receiver.counters['DeskMic']?.length ?? 0;
  await waitUntil('the desk went on for a while', () => (receiver.counters['DeskMic']?.length ?? 0) > deskFrom + 400);
  assert.ok((receiver.counters['HeadsetMic']?.length ?? 0) <= silentFrom + 60, 'packets already under way at most');
  devices.clearFaults();
  devices.say('Back again', 'headset-mic');
  await waitUntil('it was heard again', () => receiver.texts['HeadsetMic']?.includes('Back again') ?? false);
  assert.deepEqual(receiver.texts, { HeadsetMic: ['Back again'] });
});

test('a muted microphone sends zeros; garbage is what every receiver must survive', async () => {
  const receiver = await openReceiver();
  const devices = await start(receiver.port);
  devices.applyFault('audio_silence');
  await waitUntil('zeros flow', () => Object.keys(receiver.counters).length === 2 && receiver.lastPeak() === 0);
  devices.clearFaults();
  await waitUntil('noise flows again', () => receiver.lastPeak() > 0);
  devices.applyFault('audio_garbage', 'desk-mic');
  await waitUntil('each kind of garbage came', () => new Set(receiver.malformed).size >= 6);
});

test('a drifting clock sends more packets than a true one', async () => {
  const receiver = await openReceiver();
  const devices = await start(receiver.port);
  devices.applyFault('audio_clock_drift', 'headset-mic');
  const difference = () => {
    const [headset, desk] = devices.state().microphones;
    return (headset?.packetsSent ?? 0) - (desk?.packetsSent ?? 0);
  };
  await waitUntil('the fast one is 8 packets ahead', () => difference() >= 8);
  const [headset, desk] = devices.state().microphones;
  const ratio = (headset?.packetsSent ?? 0) / (desk?.packetsSent ?? 1);
  // Less where a busy machine stalls both: what they do not catch up is the same for both.
  assert.ok(ratio < 1.03, `ratio ${ratio}`);
});

test('npm vban pings a speaker and reads its answer; who is gone does not answer', async () => {
  const devices = await start(9);
  const port = devices.speakerPort('headset-out');
  const client = new VBANServer();
  client.bind(0, LOOPBACK);
  await once(client, 'listening');
  closers.push(() => new Promise((resolve) => client.close(resolve)));
  const replies: { device: string; comment: string; isReply: boolean }[] = [];
  client.on('message', (packet) => {
    if (!(packet instanceof VBANServicePacket)) return;
    replies.push({ device: packet.data.deviceName, comment: packet.data.userComment, isReply: packet.isReply });
  });

  client.sendPing({ address: LOOPBACK, port });
  await waitUntil('both answered', () => replies.length === 1);
  devices.applyFault('audio_device_unavailable', 'headset-out');
  client.sendPing({ address: LOOPBACK, port });
  await waitUntil('the other one answered', () => replies.length === 2);
  devices.applyFault('audio_device_unavailable');
  await waitUntil('the socket is closed', () => devices.state().speakers.every(({ listening }) => !listening));
  client.sendPing({ address: LOOPBACK, port });
  devices.clearFaults();
  await waitUntil('the socket is open again', () => devices.state().speakers.every(({ listening }) => listening));
  client.sendPing({ address: LOOPBACK, port });
  await waitUntil('both answer again', () => replies.length === 3);
  const both = { device: 'headset-out desk-out', comment: 'streams: HeadsetOut DeskOut', isReply: true };
  assert.deepEqual(replies, [both, { device: 'desk-out', comment: 'streams: DeskOut', isReply: true }, both]);
});

test("a ping with a speaker's stream name asks for that speaker alone", async () => {
  const devices = await start(9);
  const socket = await bindUdp('The test', LOOPBACK, 0);
  closers.push(() => closeUdp(socket));
  const answered: string[] = [];
  socket.on('message', (datagram) => {
    const reply = VBANProtocolFactory.processPacket(datagram);
    if (reply instanceof VBANServicePacket) answered.push(`${reply.streamName}:${reply.data.deviceName}`);
  });
  const ping = (stream: string): void => {
    const identity = {
      ...{ applicationType: 1, features: 1, preferredRate: 0, minRate: 0, maxRate: 0, version: 1 },
      ...{ languageCode: '', device: '', manufacturer: '', application: '', host: '', userName: '', comment: '' },
    };
    const packet = encodePing({ stream, counter: 0, isReply: false, identity });
    socket.send(packet, devices.speakerPort('desk-out'), LOOPBACK);
  };
  devices.applyFault('audio_device_unavailable', 'headset-out');
  ping('HeadsetOut');
  ping('DeskOut');
  await waitUntil('the desk answered', () => answered.length > 0);
  assert.deepEqual(answered, ['DeskOut:desk-out']);
});

test('malformed packets and unknown streams are counted and listed, not fatal', async () => {
  const devices = await start(9);
  const port = devices.speakerPort('desk-out');
  const socket = await bindUdp('The test', LOOPBACK, 0);
  socket.send('hello', port, LOOPBACK);
  await waitUntil('it was counted', () => devices.state().malformedPackets === 1);
  await play(port, 'Nobody', '');
  await waitUntil('it was listed', () => devices.state().violations.length > 1);
  await closeUdp(socket);
  assert.deepEqual(
    devices
      .state()
      .violations.slice(0, 2)
      .map(({ rule, detail }) => ({ rule, detail })),
    [
      { rule: 'vban_malformed', detail: '5 bytes, a header has 28' },
      { rule: 'vban_unknown_stream', detail: "'Nobody': streams here are HeadsetOut, DeskOut" },
    ],
  );
});

test('the bot is seen to start and to stop speaking', async () => {
  const seen: boolean[] = [];
  const devices = await startAudioDevices({
    microphones: [],
    speakers: [{ id: 'out', stream: 'Out', port: 0 }],
    onSpeaking: (speaking) => seen.push(speaking),
  });
  closers.push(() => devices.close());
  await play(devices.speakerPort('out'), 'Out', 'A sentence');
  await waitUntil('it fell silent', () => seen.length === 2);
  assert.deepEqual(seen, [true, false]);
});

test('names that do not exist are refused with those that do', async () => {
  const devices = await start(9);
  const refused = (act: () => unknown, message: string): void =>
    assert.throws(act, (error) => error instanceof UnknownDeviceError && error.message === message);
  refused(() => devices.say('x', 'nobody'), "There is no microphone 'nobody'. Known: headset-mic, desk-mic.");
  refused(() => devices.heard('nobody'), "There is no speaker 'nobody'. Known: headset-out, desk-out.");
  assert.throws(() => devices.applyFault('audio_garbage', 'desk-out'), {
    message: "Fault 'audio_garbage' cannot hit 'desk-out'. Targets: headset-mic, desk-mic.",
  });
});

test('a port in use is named with the remedy', async () => {
  const taken = await bindUdp('The test', LOOPBACK, 0);
  closers.push(() => closeUdp(taken));
  const { port } = taken.address();
  await assert.rejects(startAudioDevices({ microphones: [], speakers: [{ id: 'out', stream: 'Out', port }] }), {
    code: 'SIMULATOR_PORT_UNAVAILABLE',
    message: `The speakers out cannot open ${LOOPBACK}:${port} (EADDRINUSE): end the program that uses the port, or choose another port.`,
  });
});
