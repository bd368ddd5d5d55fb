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
import { createPlaybackMeter, isIncomplete, type Played } from './playback-meter.ts';

type VbanOutput = Extract<AudioOutput, { kind: 'vban' }>;
type Surroundings = Pick<ServiceContext, 'clock' | 'metrics' | 'config'>;

const OUTPUT_RATE_HZ = 48_000;
const PACKET_MS = (MAX_SAMPLES_PER_PACKET * 1000) / OUTPUT_RATE_HZ;
/** Sound that waits before the first packet goes, so that a stuttering synthesis is not heard as such. */
const PREBUFFER_MS = 80;
const PREBUFFER_SAMPLES = (OUTPUT_RATE_HZ * PREBUFFER_MS) / 1000;
const TICK_MS = 5;
const PING_TRIES = 2;
/** After a playback that was not whole, enough silence to show whether it still is not. */
const PROOF_MS = 1500;
const U32 = 2 ** 32;

/** A speaker that takes VBAN: 48 kHz, 16 bit, mono, 256 samples a packet, paced by the clock. */
export function createVbanSink(
  context: Surroundings,
  network: VbanNetwork,
  output: VbanOutput,
  onPlayed: (played: Played) => void,
): AudioSink {
  const { clock, metrics } = context;
  const format = SAMPLE_FORMATS.find(({ name }) => name === 's16');
  const countSent = metrics.bindCounter('understudy_audio_packets_total', { direction: 'out', result: 'sent' });
  let counter = 0;
  let wasIncomplete = false;

  const sendPacket = (samples: Float32Array) => {
    if (format === undefined) return;
    const { stream } = output;
    network.send(encodeAudio({ stream, counter, sampleRate: OUTPUT_RATE_HZ, channels: 1, format, samples }), output);
    counter = (counter + 1) % U32;
    countSent();
  };

  /** @returns what was played, unless the signal ended it */
  const send = async (speech: Speech, onBegin: () => void, signal: AbortSignal): Promise<Played | undefined> => {
    const queue = createSampleQueue();
    const meter = createPlaybackMeter();
    const reading = { ended: false, failure: undefined as unknown };
    void readInto(queue, speech, signal, (seconds) => meter.handOver(seconds, clock.now()))
      .catch((failure: unknown) => {
        reading.failure = failure;
      })
      .finally(() => {
        reading.ended = true;
      });
    const pacer = createPacketPacer(PACKET_MS);
    let packets = 0;
    while (!signal.aborted) {
      const isFilled = packets > 0 || reading.ended || queue.length() >= PREBUFFER_SAMPLES;
      for (let due = isFilled ? pacer.due(clock.now()) : 0; due > 0; due -= 1) {
        if (queue.length() < MAX_SAMPLES_PER_PACKET && !reading.ended) {
          pacer.pause();
          break;
        }
        if (queue.length() === 0) break;
        sendPacket(queue.take(MAX_SAMPLES_PER_PACKET));
        if (packets === 0) onBegin();
        packets += 1;
      }
      if (reading.ended && queue.length() === 0) break;
      await clock.sleep(TICK_MS);
    }
    if (signal.aborted) return undefined;
    if (reading.failure !== undefined) throw reading.failure;
    return meter.end(clock.now(), (packets * PACKET_MS) / 1000);
  };

  const silence = (ms: number): Speech => ({
    sampleRate: OUTPUT_RATE_HZ,
    pieces: (async function* () {
      yield new Float32Array((OUTPUT_RATE_HZ * ms) / 1000);
    })(),
  });

  const isThere: AudioSink['isThere'] = async (signal) => {
    if (!output.answers_ping) return { ok: true, detail: `${output.id} is not asked: answers_ping is false` };
    const timeoutMs = context.config().audio.ping_timeout_ms;
    for (let attempt = 1; attempt <= PING_TRIES && !signal?.aborted; attempt += 1) {
      const answered = await network.ping(output, timeoutMs, signal);
      if (answered !== undefined) return { ok: true, detail: `${output.id} answered: ${answered}` };
    }
    const where = `${output.host}:${output.port}`;
    const silence = `did not answer ${PING_TRIES} pings of ${timeoutMs} ms`;
    return { ok: false, detail: `${output.id} (${where}) ${silence}; switch it on or start its receiver` };
  };

  return {
    id: output.id,
    isThere,
    async test(signal) {
      const there = await isThere(signal);
      if (!there.ok || !wasIncomplete) return there;
      const played = await send(silence(PROOF_MS), () => {}, signal);
      if (played === undefined) return { ok: false, detail: `${output.id}: the question was given up` };
      wasIncomplete = isIncomplete(played);
      const detail = `${output.id} sent ${played.givenMs} ms of silence in ${played.playedMs} ms`;
      return { ok: !wasIncomplete, detail };
    },
    async play(speech, onBegin, signal) {
      const played = await send(speech, onBegin, signal);
      if (played === undefined) return;
      wasIncomplete = isIncomplete(played);
      onPlayed(played);
    },
  };
}

async function readInto(
  queue: ReturnType<typeof createSampleQueue>,
  { sampleRate, pieces }: Speech,
  signal: AbortSignal,
  onPiece: (seconds: number) => void,
): Promise<void> {
  const resampler = createResampler(sampleRate, OUTPUT_RATE_HZ);
  try {
    for await (const piece of pieces) {
      if (signal.aborted) return;
      onPiece(piece.length / sampleRate);
      queue.push(resampler.push(piece));
    }
  } finally {
    queue.push(resampler.flush());
  }
}
