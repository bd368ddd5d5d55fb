import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeVban } from './decode-vban.ts';
import { SAMPLE_FORMATS } from './sample-formats.ts';
import { encodeAudio, readMono } from './vban-audio.ts';
import { SAMPLE_RATES } from './vban-header.ts';
import { encodePing } from './vban-ping.ts';

const s16 = formatNamed('s16');

function formatNamed(name: string) {
  const format = SAMPLE_FORMATS.find((candidate) => candidate.name === name);
  assert.ok(format);
  return format;
}

const streams = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 _-]{0,15}$/);
/** Values that every format represents: multiples of 1/128. */
const exactSamples = fc.integer({ min: -128, max: 127 }).map((value) => value / 128);
const packets = fc
  .record({
    stream: streams,
    counter: fc.nat(0xffffffff),
    sampleRate: fc.constantFrom(...SAMPLE_RATES),
    format: fc.constantFrom(...SAMPLE_FORMATS),
    channels: fc.integer({ min: 1, max: 4 }),
  })
  .chain((facts) =>
    fc
      .integer({ min: 1, max: Math.min(256, Math.floor(1436 / (facts.channels * facts.format.bytes))) })
      .chain((length) =>
        fc
          .array(exactSamples, { minLength: length * facts.channels, maxLength: length * facts.channels })
          .map((samples) => ({ ...facts, samples: Float32Array.from(samples) })),
      ),
  );

const mic = (samples = new Float32Array(160)) =>
  encodeAudio({ stream: 'Mic', counter: 7, sampleRate: 16_000, channels: 1, format: s16, samples });

test('what is encoded is decoded, in every format, at every rate', () => {
  fc.assert(
    fc.property(packets, (sent) => {
      const packet = decodeVban(encodeAudio(sent));
      assert.equal(packet.type, 'audio');
      assert.ok(packet.type === 'audio');
      const { type, payload, samplesPerChannel, ...facts } = packet;
      const { samples, ...sentFacts } = sent;
      assert.deepEqual(facts, sentFacts);
      const expected = Float32Array.from({ length: samplesPerChannel }, (_, index) => {
        const frame = samples.subarray(index * sent.channels, (index + 1) * sent.channels);
        return frame.reduce((sum, value) => sum + value, 0) / sent.channels;
      });
      assert.deepEqual(readMono(packet), expected);
    }),
  );
});

test('the packet of the reference: 16 kHz mono s16, 160 samples, "Mic", counter 7', () => {
  const packet = mic();
  assert.equal(packet.length, 348);
  assert.equal(packet.toString('hex', 0, 28), `5642414e089f00014d6963${'00'.repeat(13)}07000000`);
});

const changed = (packet: Buffer, offset: number, value: number): Buffer => {
  const copy = Buffer.from(packet);
  copy[offset] = value;
  return copy;
};

for (const [what, datagram, reason] of [
  ['an empty datagram', Buffer.alloc(0), 'too_short'],
  ['a header cut short', mic().subarray(0, 27), 'too_short'],
  ['more than 1464 bytes', Buffer.concat([mic(), Buffer.alloc(1464)]), 'too_long'],
  ['another magic', changed(mic(), 0, 0x56 + 1), 'bad_magic'],
  ['an undefined sub-protocol', changed(mic(), 4, 0x88), 'unknown_sub_protocol'],
  ['no stream name', changed(mic(), 8, 0), 'bad_stream_name'],
  ['a control character in the name', changed(mic(), 9, 7), 'bad_stream_name'],
  ['a ping of another length', encodePing({ stream: 'Out', counter: 1, isReply: false }).subarray(0, 500), 'ping_size'],
] as const) {
  test(`${what} is rejected as ${reason}`, () => {
    assert.deepEqual(decodeVban(datagram), { type: 'rejected', reason });
  });
}

for (const [what, datagram, reason] of [
  ['an undefined rate', changed(mic(), 4, 21), 'unknown_rate'],
  ['the reserved bit', changed(mic(), 7, 0x09), 'reserved_bit'],
  ['a codec that is not PCM', changed(mic(), 7, 0x11), 'unsupported_codec'],
  ['12 bit samples', changed(mic(), 7, 0x06), 'unsupported_format'],
  ['10 bit samples', changed(mic(), 7, 0x07), 'unsupported_format'],
  ['an audio packet cut short', mic().subarray(0, 100), 'size_mismatch'],
  ['one byte too many', Buffer.concat([mic(), Buffer.alloc(1)]), 'size_mismatch'],
  ['another channel count than sent', changed(mic(), 6, 1), 'size_mismatch'],
] as const) {
  test(`${what}: audio of a stream that is refused as ${reason}`, () => {
    assert.deepEqual(decodeVban(datagram), { type: 'refused', reason, stream: 'Mic' });
  });
}

test('a ping and its reply are 704 bytes and keep stream and counter', () => {
  for (const isReply of [false, true]) {
    const packet = encodePing({ stream: 'HeadsetOut', counter: 0xfffffffe, isReply });
    assert.equal(packet.length, 704);
    assert.deepEqual(decodeVban(packet), {
      type: 'ping',
      stream: 'HeadsetOut',
      counter: 0xfffffffe,
      isReply,
      application: 'Understudy',
    });
  }
});

test('valid packets of other kinds are nothing of ours', () => {
  assert.deepEqual(decodeVban(changed(mic(), 4, 0x20)), { type: 'other', subProtocol: 'serial' });
  assert.deepEqual(decodeVban(changed(mic(), 4, 0x40)), { type: 'other', subProtocol: 'text' });
  const chat = changed(encodePing({ stream: 'Out', counter: 1, isReply: false }), 6, 1);
  assert.deepEqual(decodeVban(chat), { type: 'other', subProtocol: 'service' });
});

test('loud samples are clipped, and no-numbers are silence', () => {
  const samples = Float32Array.from([2, -2, Number.NaN, Number.POSITIVE_INFINITY]);
  const read = (name: string) => {
    const sent = { stream: 'Mic', counter: 0, sampleRate: 48_000 as const, channels: 1, samples };
    const packet = decodeVban(encodeAudio({ ...sent, format: formatNamed(name) }));
    return packet.type === 'audio' ? [...readMono(packet)] : packet;
  };
  assert.deepEqual(read('s16'), [1 - 2 ** -15, -1, 0, 1 - 2 ** -15]);
  assert.deepEqual(read('f32'), [1, -1, 0, 0]);
});

test('no byte sequence and no mutation of a valid packet throws', () => {
  const mutated = fc
    .tuple(
      fc.constantFrom(mic(), encodePing({ stream: 'Out', counter: 9, isReply: true })),
      fc.array(fc.tuple(fc.nat(703), fc.nat(255)), { maxLength: 8 }),
      fc.nat(720),
    )
    .map(([packet, changes, length]) => {
      const copy = Buffer.from(packet);
      for (const [offset, value] of changes) copy[offset % copy.length] = value;
      return copy.subarray(0, length);
    });
  fc.assert(
    fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 1600 }).map(Buffer.from)), (bytes) => {
      const packet = decodeVban(bytes);
      if (packet.type === 'audio') assert.ok(readMono(packet).every(Number.isFinite));
    }),
    { numRuns: 3000 },
  );
});

test('what cannot be a packet is refused before it is sent', () => {
  const facts = { counter: 0, sampleRate: 48_000, channels: 1, format: s16 } as const;
  assert.throws(() => encodeAudio({ ...facts, stream: 'Out', samples: new Float32Array(257) }), RangeError);
  assert.throws(() => encodeAudio({ ...facts, stream: 'Out', channels: 2, samples: new Float32Array(3) }), RangeError);
  assert.throws(() => encodeAudio({ ...facts, stream: 'a name that is long', samples: new Float32Array(1) }), {
    name: 'RangeError',
    message: 'VBAN stream name "a name that is long": 1 to 16 printable ASCII characters; correct it in audio.outputs',
  });
  const f64 = { ...facts, stream: 'Out', format: formatNamed('f64') };
  assert.throws(() => encodeAudio({ ...f64, samples: new Float32Array(180) }), RangeError);
});
