import assert from 'node:assert/strict';
import type { RemoteInfo } from 'node:dgram';
import { test } from 'node:test';
import { createFakeClock, createFakeContext } from '@understudy/shared/testing';
import fc from 'fast-check';
import type { AudioListener } from '../adapters/vban-receiver.ts';
import { decodeVban } from '../vban/decode-vban.ts';
import { SAMPLE_FORMATS } from '../vban/sample-formats.ts';
import { encodeAudio } from '../vban/vban-audio.ts';
import { createVbanSource } from './vban-source.ts';

/** `audio.frames_timeout_ms` is 500 by default. */
function setUp() {
  const clock = createFakeClock();
  const context = createFakeContext('audio-gateway', { clock });
  const listeners: AudioListener[] = [];
  const network = {
    listen(_stream: string, listener: AudioListener) {
      listeners.push(listener);
      return () => {};
    },
    explainSilence: () => undefined,
    moveTo: async () => {},
    isListening: () => true,
    port: () => 0,
    send: () => {},
    ping: async () => undefined,
    close: async () => {},
  };
  const source = createVbanSource(context, network, { id: 'mic', kind: 'vban', stream: 'Mic' });
  const heard: number[] = [];
  source.start((samples) => void heard.push(samples.length));
  const send = (counter: number, sender: string) => {
    const [address = '', port] = sender.split(':');
    const from: RemoteInfo = { address, port: Number(port), family: 'IPv4', size: 0 };
    const format = SAMPLE_FORMATS[1];
    assert.ok(format);
    const samples = new Float32Array(160).fill(0.25);
    const packet = decodeVban(
      encodeAudio({ stream: 'Mic', counter, sampleRate: 16_000, channels: 1, format, samples }),
    );
    assert.ok(packet.type === 'audio');
    for (const listener of listeners) listener(packet, from);
  };
  const counted = async (result: string): Promise<number> => {
    const text = await context.metrics.text();
    const found = new RegExp(`understudy_audio_packets_total\\{direction="in",result="${result}"[^}]*\\} (\\d+)`).exec(
      text,
    );
    return Number(found?.[1] ?? 0);
  };
  return { clock, heard, send, counted };
}

test('a second sender of the same name is not mixed in, and is heard when the first one is silent', async () => {
  const { clock, heard, send, counted } = setUp();
  for (let counter = 0; counter < 10; counter += 1) {
    send(counter, '10.0.0.1:5000');
    send(40_000 + counter, '10.0.0.2:5000');
    send(90_000 + counter, '10.0.0.1:5001');
    await clock.advance(10);
  }
  assert.equal(heard.length, 10);
  assert.deepEqual([await counted('accepted'), await counted('spoofed')], [10, 20]);
  await clock.advance(600);
  send(40_010, '10.0.0.2:5000');
  send(10, '10.0.0.1:5000');
  assert.equal(heard.length, 11);
  assert.equal(await counted('spoofed'), 21);
});

test('whatever is lost, twice or out of order: each packet is counted once, and heard once at the most', async () => {
  const orders = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 120 });
  await fc.assert(
    fc.asyncProperty(orders, async (counters) => {
      const { heard, send, counted } = setUp();
      for (const counter of counters) send(counter, '10.0.0.1:5000');
      const results = await Promise.all(['accepted', 'duplicate', 'late'].map(counted));
      assert.equal(
        results.reduce((sum, count) => sum + count, 0),
        counters.length,
      );
      assert.ok(heard.every((length) => length % 160 === 0));
    }),
    { numRuns: 60 },
  );
});
