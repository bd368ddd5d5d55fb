import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ECodecs, VBANAudioPacket, VBANProtocolFactory, VBANServicePacket } from 'vban';
import { decodeVban } from './decode-vban.ts';
import { SAMPLE_FORMATS } from './sample-formats.ts';
import { encodeAudio, readMono } from './vban-audio.ts';
import { SAMPLE_RATES } from './vban-header.ts';
import { encodePing } from './vban-ping.ts';

const S16 = 1;
const packets = fc.record({
  stream: fc.stringMatching(/^[A-Za-z0-9]{1,16}$/),
  // npm vban cannot send index 0 (6000 Hz): its own mistake.
  sampleRate: fc.constantFrom(...SAMPLE_RATES.slice(1)),
  counter: fc.nat(0xffffffff),
  samples: fc.int16Array({ minLength: 1, maxLength: 256 }),
});

test('npm vban reads our audio as we mean it', () => {
  fc.assert(
    fc.property(packets, ({ samples, ...facts }) => {
      const format = SAMPLE_FORMATS[S16];
      assert.ok(format);
      const sent = { ...facts, channels: 1, format, samples: Float32Array.from(samples, (value) => value / 2 ** 15) };
      const theirs = VBANProtocolFactory.processPacket(encodeAudio(sent));
      assert.ok(theirs instanceof VBANAudioPacket);
      const { streamName, sr, nbChannel, frameCounter, codec, data } = theirs;
      assert.deepEqual(
        { stream: streamName, sampleRate: sr, channels: nbChannel, counter: frameCounter, codec },
        { ...facts, channels: 1, codec: ECodecs.VBAN_CODEC_PCM },
      );
      assert.deepEqual(
        Int16Array.from({ length: samples.length }, (_, index) => data.readInt16LE(index * 2)),
        Int16Array.from(samples),
      );
    }),
  );
});

test('we read the audio of npm vban as it means it', () => {
  fc.assert(
    fc.property(packets, ({ stream, sampleRate, counter, samples }) => {
      const theirs = new VBANAudioPacket(
        {
          streamName: stream,
          sr: sampleRate,
          frameCounter: counter,
          nbSample: samples.length,
          nbChannel: 1,
          bitResolution: S16,
          codec: ECodecs.VBAN_CODEC_PCM,
        },
        Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength),
      );
      const packet = decodeVban(VBANProtocolFactory.toUDPBuffer(theirs));
      assert.ok(packet.type === 'audio');
      assert.deepEqual(
        { stream: packet.stream, sampleRate: packet.sampleRate, counter: packet.counter, samples: readMono(packet) },
        { stream, sampleRate, counter, samples: Float32Array.from(samples, (value) => value / 2 ** 15) },
      );
    }),
  );
});

test('npm vban reads our ping as a question of identity', () => {
  const theirs = VBANProtocolFactory.processPacket(encodePing({ stream: 'HeadsetOut', counter: 9, isReply: false }));
  assert.ok(theirs instanceof VBANServicePacket);
  const { isReply, service, serviceFunction, streamName, frameCounter } = theirs;
  assert.deepEqual(
    { isReply, service, serviceFunction, streamName, frameCounter, application: theirs.data.applicationName },
    {
      isReply: false,
      service: 0,
      serviceFunction: 0,
      streamName: 'HeadsetOut',
      frameCounter: 9,
      application: 'Understudy',
    },
  );
});
