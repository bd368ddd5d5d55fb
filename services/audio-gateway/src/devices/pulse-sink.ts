import type { AudioOutput } from '@understudy/shared/config';
import { ServiceError } from '@understudy/shared/errors';
import type { ProbeResult, ServiceContext } from '@understudy/shared/service';
import { startPulsePlayback } from '../adapters/pulse-playback.ts';
import type { PulseServer } from '../adapters/pulse-server.ts';
import type { AudioSink } from './audio-sink.ts';
import { serverLostError } from './loss-onset.ts';
import { createPlaybackMeter, isIncomplete, type Played } from './playback-meter.ts';

type PulseOutput = Extract<AudioOutput, { kind: 'pulse' }>;
type Surroundings = Pick<ServiceContext, 'clock'>;

const PROOF_RATE_HZ = 48_000;
/** Silence that proves that sound flows; a sink that was at rest may take 3 s more to wake up. */
const PROOF_MS = 300;
/** After a playback that was not whole, enough to show whether it still is not. */
const LONG_PROOF_MS = 1500;

/** A speaker of PulseAudio or PipeWire. */
export function createPulseSink(
  { clock }: Surroundings,
  server: PulseServer,
  output: PulseOutput,
  onPlayed: (played: Played) => void,
): AudioSink {
  const { id, sink } = output;
  let wasIncomplete = false;

  const find = async (): Promise<ProbeResult> => {
    const answer = await server.prove();
    if (!answer.ok) return { ok: false, detail: `${id}: ${answer.detail}` };
    const now = server.now();
    const names = now.state === 'there' ? now.inventory.sinks.map(({ name }) => name) : [];
    if (names.includes(sink)) return { ok: true, detail: `${id} is there` };
    const has = names.join(', ') || 'none';
    const remedy = 'connect it or correct audio.outputs';
    return { ok: false, detail: `${id}: the sound server has no sink ${sink}; it has ${has}; ${remedy}` };
  };

  /** A stream that broke off may be the server's end, or its silence. */
  const lostError = async (why: string): Promise<ServiceError> => {
    const answer = await server.prove({ isDoubted: true });
    return answer.ok ? outputLostError(id, why) : serverLostError(answer.detail, 'output');
  };

  return {
    id,
    isThere: find,
    outage() {
      const now = server.now();
      return now.state === 'away' ? now.why : undefined;
    },
    async test(signal) {
      const there = await find();
      if (!there.ok || signal?.aborted) return there;
      const meter = createPlaybackMeter();
      const playback = startPulsePlayback(server, sink, PROOF_RATE_HZ, {
        onStarted: () => meter.begin(clock.now()),
        onProgress: () => meter.goesOn(clock.now()),
      });
      const stop = () => playback.stop();
      signal?.addEventListener('abort', stop);
      const samples = new Float32Array((PROOF_RATE_HZ * (wasIncomplete ? LONG_PROOF_MS : PROOF_MS)) / 1000);
      meter.handOver(samples.length / PROOF_RATE_HZ, clock.now());
      await playback.write(samples);
      const broke = await playback.drain();
      signal?.removeEventListener('abort', stop);
      if (broke !== undefined) return { ok: false, detail: `${id} plays nothing: ${broke}` };
      const played = meter.end(clock.now());
      if (isIncomplete(played))
        return { ok: false, detail: `${id} took ${played.playedMs} ms for ${played.givenMs} ms of silence` };
      wasIncomplete = false;
      return { ok: true, detail: `${id} played ${played.givenMs} ms of silence in ${played.playedMs} ms` };
    },
    async play({ sampleRate, pieces }, onBegin, signal) {
      const meter = createPlaybackMeter();
      const playback = startPulsePlayback(server, sink, sampleRate, {
        onStarted() {
          meter.begin(clock.now());
          onBegin();
        },
        onProgress: () => meter.goesOn(clock.now()),
      });
      const stop = () => playback.stop();
      signal.addEventListener('abort', stop);
      let failure: unknown;
      try {
        if (signal.aborted) return stop();
        try {
          for await (const piece of pieces) {
            if (signal.aborted) return;
            meter.handOver(piece.length / sampleRate, clock.now());
            await playback.write(piece);
          }
        } catch (error) {
          // What had arrived is played first.
          failure = error;
        }
        const broke = await playback.drain();
        if (signal.aborted) return;
        if (broke !== undefined) {
          const error = await lostError(broke);
          if (signal.aborted) return;
          throw error;
        }
        const played = meter.end(clock.now());
        wasIncomplete = isIncomplete(played);
        onPlayed(played);
        if (failure !== undefined) throw failure;
      } finally {
        signal.removeEventListener('abort', stop);
        playback.stop();
      }
    },
  };
}

const outputLostError = (id: string, why: string) =>
  new ServiceError('AUDIO_OUTPUT_LOST', `Output ${id} stopped while it spoke: ${why}`, {
    subject: id,
    capability: 'speak',
    context: { device: id, direction: 'output' },
  });
