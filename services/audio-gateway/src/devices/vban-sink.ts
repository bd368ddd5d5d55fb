import type { AudioOutput } from '@understudy/shared/config';
import type { ServiceContext } from '@understudy/shared/service';
import type { VbanNetwork } from '../adapters/vban-network.ts';
import { createPacketPacer } from '../audio/packet-pacer.ts';
import { createResampler } from '../audio/resampler.ts';
import { createSampleQueue } from '../audio/sample-queue.ts';
import { SAMPLE_FORMATS } from '../vban/sample-formats.ts';
import { encodeAudio } from '../vban/vban-audio.ts';
import { MAX_SAMPLES_PER_PACKET } from '../vban/vban-header.ts';
import type { AudioSink, Speech } from './audio-sink.ts';

type VbanOutput = Extract<AudioOutput, { kind: 'vban' }>;
type Surroundings = Pick<ServiceContext, 'clock' | 'metrics' | 'config'>;

const OUTPUT_RATE_HZ = 48_000;
const PACKET_MS = (MAX_SAMPLES_PER_PACKET * 1000) / OUTPUT_RATE_HZ;
/** Sound that waits before the first packet goes, so that a stuttering synthesis is not heard as such. */
const PREBUFFER_MS = 80;
const PREBUFFER_SAMPLES = (OUTPUT_RATE_HZ * PREBUFFER_MS) / 1000;
const TICK_MS = 5;
const PING_TRIES = 2;
const U32 = 2 ** 32;

/** A speaker that takes VBAN: 48 kHz, 16 bit, mono, 256 samples a packet, paced by the clock. */
export function createVbanSink(context: Surroundings, network: VbanNetwork, output: VbanOutput): AudioSink {
  const { clock, metrics } = context;
  const format = SAMPLE_FORMATS.find(({ name }) => name === 's16');
  const countSent = metrics.bindCounter('understudy_audio_packets_total', { direction: 'out', result: 'sent' });
  let counter = 0;

  const sendPacket = (samples: Float32Array) => {
    if (format === undefined) return;
    const { stream } = output;
    network.send(encodeAudio({ stream, counter, sampleRate: OUTPUT_RATE_HZ, channels: 1, format, samples }), output);
    counter = (counter + 1) % U32;
    countSent();
  };

  return {
    id: output.id,
    async isThere(signal) {
      if (!output.answers_ping) return { ok: true, detail: `${output.id} is not asked: answers_ping is false` };
      const timeoutMs = context.config().audio.ping_timeout_ms;
      for (let attempt = 1; attempt <= PING_TRIES && !signal?.aborted; attempt += 1) {
        const answered = await network.ping(output, timeoutMs, signal);
        if (answered !== undefined) return { ok: true, detail: `${output.id} answered: ${answered}` };
      }
      const where = `${output.host}:${output.port}`;
      return { ok: false, detail: `${output.id} (${where}) did not answer ${PING_TRIES} pings of ${timeoutMs} ms` };
    },
    async play(speech, onBegin, signal) {
      const queue = createSampleQueue();
      const reading = { ended: false, failure: undefined as unknown };
      void readInto(queue, speech, signal)
        .catch((failure: unknown) => {
          reading.failure = failure;
        })
        .finally(() => {
          reading.ended = true;
        });
      const pacer = createPacketPacer(PACKET_MS);
      let hasBegun = false;
      while (!signal.aborted) {
        const isFilled = hasBegun || reading.ended || queue.length() >= PREBUFFER_SAMPLES;
        for (let due = isFilled ? pacer.due(clock.now()) : 0; due > 0; due -= 1) {
          if (queue.length() < MAX_SAMPLES_PER_PACKET && !reading.ended) {
            pacer.pause();
            break;
          }
          if (queue.length() === 0) break;
          sendPacket(queue.take(MAX_SAMPLES_PER_PACKET));
          if (!hasBegun) onBegin();
          hasBegun = true;
        }
        if (reading.ended && queue.length() === 0) break;
        await clock.sleep(TICK_MS);
      }
      if (reading.failure !== undefined && !signal.aborted) throw reading.failure;
    },
  };
}

async function readInto(
  queue: ReturnType<typeof createSampleQueue>,
  { sampleRate, pieces }: Speech,
  signal: AbortSignal,
): Promise<void> {
  const resampler = createResampler(sampleRate, OUTPUT_RATE_HZ);
  try {
    for await (const piece of pieces) {
      if (signal.aborted) return;
      queue.push(resampler.push(piece));
    }
  } finally {
    queue.push(resampler.flush());
  }
}
