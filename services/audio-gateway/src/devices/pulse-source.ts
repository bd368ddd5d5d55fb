import type { AudioInput } from '@understudy/shared/config';
import type { ServiceContext } from '@understudy/shared/service';
import { type PulseCapture, startPulseCapture } from '../adapters/pulse-capture.ts';
import type { PulseServer } from '../adapters/pulse-server.ts';
import { isAllZero } from '../audio/loudness.ts';
import { findOwnSound } from '../pulse/own-sound.ts';
import { type AudioSource, OPENING_MS, type SampleListener, type SourceHealth } from './audio-source.ts';
import { awaitFrames } from './await-frames.ts';

type PulseInput = Extract<AudioInput, { kind: 'pulse' }>;
type Surroundings = Pick<ServiceContext, 'clock' | 'config' | 'logger'>;

/** `resting`: a capture ended by itself; another is not begun before the pause is over, unless the device is a new one. */
type Capturing =
  | { readonly state: 'closed' }
  | { readonly state: 'open'; readonly capture: PulseCapture; readonly since: number; readonly index: number }
  | { readonly state: 'resting'; readonly why: string; readonly index: number; readonly cancel: () => void };

const REST_FIRST_MS = 500;
const REST_MAX_MS = 10_000;
/** A stream that lived so long had been in order. */
const IN_ORDER_MS = 30_000;
const WATCH_MS = 1000;
/** A stream without sound on a server that answers: a fresh one is tried (microsoft/wslg#1482). */
const STUCK_MS = 5000;
/** What a test has opened stays open for who acts on it: a switch goes on with that stream instead of opening one that is late again. */
const KEPT_MS = 1500;

/**
 * A microphone of PulseAudio or PipeWire. It is recorded only while it is listened to or tested, and `KEPT_MS` longer. It opens again by
 * itself when its name appears on the server, and never while the bot's own sound reaches it.
 * @param sinks names of the approved outputs
 */
export function createPulseSource(
  context: Surroundings,
  server: PulseServer,
  input: PulseInput,
  sinks: readonly string[],
): AudioSource {
  const { clock } = context;
  let capturing: Capturing = { state: 'closed' };
  let listener: SampleListener | undefined;
  let testers = 0;
  let isClosed = false;
  let restMs = REST_FIRST_MS;
  let lastFrameAt: number | undefined;
  let zeroSince: number | undefined;
  let refused = '';

  /** Where the device stands on the server, or why it cannot be opened. */
  const find = (): { readonly index: number } | { readonly problem: string } => {
    const now = server.now();
    if (now.state === 'connecting') return { problem: 'the sound server is being asked' };
    if (now.state === 'away') return { problem: now.why };
    const found = now.inventory.sources.find(({ name }) => name === input.source);
    const names = now.inventory.sources.map(({ name }) => name).join(', ') || 'none';
    if (found === undefined) {
      return {
        problem: `the sound server has no source ${input.source}; it has ${names}; connect it or correct audio.inputs`,
      };
    }
    const way = findOwnSound(sinks, now.inventory).get(input.source);
    if (way === undefined) return { index: found.index };
    return { problem: `it would hear the bot's own output (${way}); choose another source in audio.inputs` };
  };

  const end = () => {
    if (capturing.state === 'open') capturing.capture.stop();
    if (capturing.state === 'resting') capturing.cancel();
    capturing = { state: 'closed' };
  };

  const onSamples = (samples: Float32Array) => {
    lastFrameAt = clock.now();
    server.noteLife();
    zeroSince = isAllZero(samples) ? (zeroSince ?? lastFrameAt) : undefined;
    listener?.(samples);
  };

  const rest = (why: string, index: number, lived: number) => {
    if (lived >= IN_ORDER_MS) restMs = REST_FIRST_MS;
    context.logger.info('A microphone ended by itself', { context: { device: input.id, why, restMs } });
    const over = clock.after(restMs, () => {
      capturing = { state: 'closed' };
      reconcile();
    });
    capturing = { state: 'resting', why, index, cancel: over };
    restMs = Math.min(REST_MAX_MS, restMs * 2);
    server.refresh();
  };

  const open = (index: number) => {
    const since = clock.now();
    const capture = startPulseCapture(server, input.source, {
      onSamples,
      onEnd: (why) => rest(why, index, clock.now() - since),
    });
    capturing = { state: 'open', capture, since, index };
    const watch = () => {
      if (capturing.state !== 'open' || capturing.capture !== capture) return;
      const quietMs = clock.now() - Math.max(since, lastFrameAt ?? 0);
      // A server that hangs says nothing: it is asked, and what it does not answer ends its captures.
      if (quietMs >= WATCH_MS) void server.prove();
      if (quietMs >= STUCK_MS) {
        capture.stop();
        rest(`nothing came from it for ${quietMs} ms`, index, clock.now() - since);
      } else clock.after(WATCH_MS, watch);
    };
    clock.after(WATCH_MS, watch);
  };

  const reconcile = () => {
    const found = isClosed || (listener === undefined && testers === 0) ? undefined : find();
    if (found === undefined) return end();
    if ('problem' in found) {
      if (found.problem !== refused)
        context.logger.info('A microphone waits', { context: { device: input.id, why: found.problem } });
      refused = found.problem;
      return end();
    }
    refused = '';
    const isAnother = capturing.state !== 'closed' && capturing.index !== found.index;
    if (isAnother) {
      // Unplugged and plugged in again between two looks.
      restMs = REST_FIRST_MS;
      end();
    }
    if (capturing.state === 'closed') open(found.index);
  };

  const health = (): SourceHealth => {
    const now = server.now();
    const outage = now.state === 'away' ? { outage: now.why } : {};
    const problem = refused || (capturing.state === 'resting' ? capturing.why : '');
    return { lastFrameAt, zeroSince, lostPackets: 0, ...outage, ...(problem ? { problem } : {}) };
  };

  const unlisten = server.onChange(reconcile);
  return {
    id: input.id,
    keepsTime: true,
    start(next) {
      listener = next;
      reconcile();
    },
    stop() {
      listener = undefined;
      reconcile();
    },
    health,
    askServer: async () => void (await server.prove({ isDoubted: true })),
    async test(signal) {
      testers += 1;
      try {
        reconcile();
        if (refused && server.now().state !== 'connecting') return { ok: false, detail: `${input.id}: ${refused}` };
        return await awaitFrames(context, input.id, health, signal, OPENING_MS);
      } finally {
        clock.after(KEPT_MS, () => {
          testers -= 1;
          reconcile();
        });
      }
    },
    close() {
      isClosed = true;
      unlisten();
      end();
    },
  };
}
