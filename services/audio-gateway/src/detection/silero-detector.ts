import type { LevelBy } from '@understudy/shared/contracts';
import { ServiceError } from '@understudy/shared/errors';
import type { ProbeResult, ServiceContext } from '@understudy/shared/service';
import { loudnessDb } from '../audio/loudness.ts';
import { createErrorOnset } from '../error-onset.ts';
import { type EnergySettings, energyProbability } from './energy-detector.ts';
import type { ForkDetection } from './fork-detection.ts';
import { type Detection, openDetection } from './open-detection.ts';
import { createSoundGate } from './sound-gate.ts';
import type { SpeechDetector } from './speech-detector.ts';

export interface SileroDetector extends SpeechDetector {
  /** Gives the process and its memory back; the next sound starts another one. */
  rest(): Promise<void>;
  /** Another engine is chosen: what failed here does not matter any more. */
  dismiss(): Promise<void>;
  /** Starts a process of its own and shows it known frames; when that works, the failure is over. */
  probe(signal: AbortSignal): Promise<ProbeResult>;
  stop(): Promise<void>;
}

interface SileroParts {
  readonly fork: ForkDetection;
  readonly settings: () => EnergySettings & { readonly gate_db: number };
  readonly onLevel: (level: LevelBy) => void;
}

type Surroundings = Pick<ServiceContext, 'clock' | 'metrics' | 'reportError'>;

/** Quiet for so long: the memory is given back. */
const REST_AFTER_MS = 60_000;
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 60_000;

interface Waiting {
  readonly frame: Float32Array;
  readonly isFirst: boolean;
  readonly levelDb: number;
  readonly answer: (probability: number) => void;
}

/**
 * `loading`: frames are kept, so that no beginning of an utterance is lost. `failed`: loudness answers, and with a sound after `retryAt`
 * another process is tried.
 */
type State =
  | { readonly state: 'resting' }
  | { readonly state: 'loading'; readonly kept: Waiting[] }
  | { readonly state: 'running'; readonly detection: Detection }
  | { readonly state: 'failed'; readonly retryAt: number; isRetrying: boolean };

/** Silero in a process of its own, there while there is sound. Where it fails loudness stands in at once. */
export function createSileroDetector(context: Surroundings, parts: SileroParts): SileroDetector {
  const { clock } = context;
  const failure = createErrorOnset(context);
  const observeSeconds = context.metrics.bindHistogram('understudy_speech_detection_duration_seconds', {});
  const stopping = new AbortController();
  const gate = createSoundGate();
  let state: State = { state: 'resting' };
  let isFirst = true;
  let failures = 0;
  let failedAt = Number.NEGATIVE_INFINITY;
  let cancelRest = () => {};

  const open = () => openDetection({ fork: parts.fork, clock, signal: stopping.signal });
  const byLoudness = ({ levelDb, answer }: Pick<Waiting, 'levelDb' | 'answer'>) =>
    answer(energyProbability(levelDb, parts.settings()));

  const works = (engine: 'silero' | 'energy' = 'silero') => {
    failure.end();
    parts.onLevel({ level: 'full', by: engine });
  };

  const fail = (error: unknown) => {
    if (stopping.signal.aborted) return;
    // One that ran well for long is no flapping one.
    failures = clock.now() - failedAt > 2 * LONGEST_RETRY_MS ? 1 : failures + 1;
    failedAt = clock.now();
    const retryMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
    state = { state: 'failed', retryAt: failedAt + retryMs, isRetrying: false };
    failure.begin(() => detectionError(error));
    parts.onLevel({ level: 'degraded', by: 'energy_detection' });
  };

  const ask = (detection: Detection, waiting: Waiting) => {
    const began = performance.now();
    detection.judge(waiting.frame, waiting.isFirst).then(
      (probability) => {
        observeSeconds((performance.now() - began) / 1000);
        waiting.answer(probability);
      },
      (error: unknown) => {
        if (state.state === 'running' && state.detection === detection) fail(error);
        byLoudness(waiting);
      },
    );
  };

  const load = async (from: Extract<State, { state: 'loading' | 'failed' }>): Promise<void> => {
    const kept = from.state === 'loading' ? from.kept : [];
    const opened = await open().catch((error: unknown) => {
      if (state === from) fail(error);
    });
    // Meanwhile it may have been sent to rest.
    if (opened === undefined || state !== from) {
      kept.forEach(byLoudness);
      return opened?.end();
    }
    state = { state: 'running', detection: opened };
    works();
    if (from.state === 'failed') isFirst = true;
    for (const waiting of kept) ask(opened, waiting);
  };

  const rest = async () => {
    const left = state;
    if (left.state === 'failed' || left.state === 'resting') return;
    state = { state: 'resting' };
    isFirst = true;
    if (left.state === 'running') await left.detection.end();
  };

  const leaveFailure = () => {
    if (state.state !== 'failed') return;
    state = { state: 'resting' };
    isFirst = true;
  };

  const restLater = () => {
    cancelRest();
    cancelRest = clock.after(REST_AFTER_MS, () => void rest());
  };

  const hear = (waiting: Waiting) => {
    switch (state.state) {
      case 'resting': {
        const loading = { state: 'loading', kept: [waiting] } as const satisfies State;
        state = loading;
        void load(loading);
        return;
      }
      case 'loading':
        state.kept.push(waiting);
        return;
      case 'running':
        return ask(state.detection, waiting);
      case 'failed':
        byLoudness(waiting);
        if (state.isRetrying || clock.now() < state.retryAt) return;
        state.isRetrying = true;
        void load(state);
    }
  };

  const interrupt = () => {
    isFirst = true;
    gate.close();
    // Also one that is still starting: nothing else would end it when no sound comes any more.
    restLater();
  };

  return {
    judge(frame, answer) {
      const levelDb = loudnessDb(frame);
      const move = gate.move(levelDb, parts.settings().gate_db, clock.now());
      if (move === 'opens') cancelRest();
      if (move === 'closes') interrupt();
      if (move === 'closes' || move === 'closed') return answer(0);
      const waiting = { frame, isFirst, levelDb, answer };
      isFirst = false;
      hear(waiting);
    },
    interrupt,
    rest,
    dismiss() {
      leaveFailure();
      works('energy');
      return rest();
    },
    async probe(signal) {
      try {
        const detection = await openDetection({
          fork: parts.fork,
          clock,
          signal: AbortSignal.any([signal, stopping.signal]),
        });
        await detection.end();
      } catch (error) {
        return { ok: false, detail: error instanceof Error ? error.message : String(error) };
      }
      leaveFailure();
      works();
      return { ok: true, detail: 'a new process told known speech from silence' };
    },
    async stop() {
      cancelRest();
      stopping.abort();
      if (state.state === 'running') await state.detection.end();
    },
  };
}

const detectionError = (error: unknown) =>
  new ServiceError(
    'SPEECH_DETECTION_FAILED',
    `${error instanceof Error ? error.message : String(error)}; loudness stands in. If it recurs, set audio.speech_detection.engine to energy`,
    { subject: 'silero', capability: 'hear', cause: error },
  );
