import { ServiceError } from '@understudy/shared/errors';
import type { ProbeResult, ServiceContext } from '@understudy/shared/service';
import type { AudioSource } from './audio-source.ts';
import { type ClippingJudge, createClippingJudge } from './clipping-judge.ts';
import { createDriftJudge, type DriftJudge } from './drift-judge.ts';

const FAULTS = ['clipping', 'clock_drift'] as const;
export type QualityFault = (typeof FAULTS)[number];

export interface InputQuality {
  /** Another input is listened to, or the stream of this one began anew: what was measured before says nothing. */
  begin(source: AudioSource): void;
  /** 16 kHz mono, from the input of `begin`. */
  push(samples: Float32Array): void;
  /** Judges and tells a fault once, when it begins. @returns the worst that is wrong with the input of `begin` */
  look(): QualityFault | undefined;
  /** A fault of a device is over only when its sound has proven it. */
  prove(id: string): ProbeResult;
}

type Surroundings = Pick<ServiceContext, 'clock' | 'config' | 'metrics' | 'reportError'>;

/** What can be wrong with a microphone that delivers: it is cut off at full scale, or its clock is wrong. */
export function createInputQuality(context: Surroundings): InputQuality {
  const { clock } = context;
  const standing = new Map<string, ReadonlySet<QualityFault>>();
  let judged:
    | { readonly source: AudioSource; readonly clipping: ClippingJudge; readonly drift: DriftJudge }
    | undefined;

  const limits = () => context.config().audio;
  const faultsOf = (id: string): ReadonlySet<QualityFault> => standing.get(id) ?? new Set();

  const settle = (id: string, fault: QualityFault, holds: boolean, error: () => ServiceError) => {
    const faults = faultsOf(id);
    if (faults.has(fault) === holds) return;
    if (holds) context.reportError(error());
    standing.set(id, new Set(holds ? [...faults, fault] : [...faults].filter((other) => other !== fault)));
  };

  return {
    begin(source) {
      const clipping = createClippingJudge(() => ({
        share: limits().clipping_share,
        forMs: limits().clipping_for_ms,
        loudDb: limits().speech_detection.start_db,
      }));
      const drift = createDriftJudge(() => ({ share: limits().drift_share, forMs: limits().drift_for_ms }));
      judged = { source, clipping, drift };
    },
    push(samples) {
      judged?.clipping.push(samples);
      if (judged?.source.keepsTime) judged.drift.push(samples.length, clock.now());
    },
    look() {
      if (judged === undefined) return undefined;
      const { id } = judged.source;
      const clipping = judged.clipping.verdict();
      const drift = judged.drift.verdict();
      if (clipping.state !== 'unknown') {
        settle(id, 'clipping', clipping.state === 'clipping', () => clippingError(id, clipping.share));
      }
      if (drift.state !== 'unknown') {
        context.metrics.set('understudy_audio_clock_drift_ratio', {}, drift.ratio);
        settle(id, 'clock_drift', drift.state === 'drifting', () => driftError(id, drift.ratio));
      }
      return FAULTS.find((fault) => faultsOf(id).has(fault));
    },
    prove(id) {
      const faults = [...faultsOf(id)];
      if (faults.length === 0) return { ok: true, detail: `${id}: neither clipping nor clock drift` };
      const how = judged?.source.id === id ? 'speak to it' : 'it is not listened to now, so nothing can be proven';
      return { ok: false, detail: `${id}: ${faults.join(' and ')} not yet seen to be over; ${how}` };
    },
  };
}

const percent = (share: number): string => `${(Math.abs(share) * 100).toFixed(1)} %`;

const clippingError = (id: string, share: number) =>
  new ServiceError(
    'AUDIO_CLIPPING',
    `Input ${id} is cut off: ${percent(share)} of the samples of speech are at full scale; lower its gain in the system mixer`,
    { subject: id, capability: 'hear', context: { device: id, share } },
  );

const driftError = (id: string, ratio: number) =>
  new ServiceError(
    'AUDIO_CLOCK_DRIFT',
    `Input ${id} delivers ${percent(ratio)} too ${ratio < 0 ? 'little' : 'much'} sound; set the same sample rate at the sender as the device has`,
    { subject: id, capability: 'hear', context: { device: id, ratio } },
  );
