import { HEARING_RATE_HZ } from '../audio/frame-cutter.ts';

/** Milliseconds, dBFS, and a share of the samples. */
export interface ClippingLimits {
  readonly share: number;
  readonly forMs: number;
  /** Only what is louder tells anything: somebody speaks. */
  readonly loudDb: number;
}

/** `unknown`: not enough loud sound yet. */
export type ClippingVerdict =
  | { readonly state: 'unknown' }
  | { readonly state: 'clean' | 'clipping'; readonly share: number };

export interface ClippingJudge {
  /** 16 kHz mono, pieces of any length. */
  push(samples: Float32Array): void;
  verdict(): ClippingVerdict;
}

/** What was cut at full scale ripples a little below it after resampling. */
const FULL_SCALE = 0.985;
const BLOCK_MS = 20;
const BLOCK_SAMPLES = (HEARING_RATE_HZ * BLOCK_MS) / 1000;

/** Looks at the last loud `forMs` of sound. `clean` needs half the share: who speaks at the limit is not told again and again. */
export function createClippingJudge(limits: () => ClippingLimits): ClippingJudge {
  /** Cut samples of each loud block, the newest last. */
  let blocks: number[] = [];
  let block = { samples: 0, cut: 0, square: 0 };
  let verdict: ClippingVerdict = { state: 'unknown' };

  const close = () => {
    const { share, forMs, loudDb } = limits();
    const loudnessDb = 10 * Math.log10(block.square / block.samples);
    if (loudnessDb >= loudDb) {
      const needed = Math.max(1, Math.ceil(forMs / BLOCK_MS));
      blocks = [...blocks.slice(-(needed - 1)), block.cut].slice(-needed);
      if (blocks.length === needed) {
        const found = blocks.reduce((sum, cut) => sum + cut, 0) / (needed * BLOCK_SAMPLES);
        const limit = verdict.state === 'clipping' ? share / 2 : share;
        verdict = { state: found >= limit ? 'clipping' : 'clean', share: found };
      }
    }
    block = { samples: 0, cut: 0, square: 0 };
  };

  return {
    push(samples) {
      for (const sample of samples) {
        block.samples += 1;
        block.square += sample * sample;
        if (sample >= FULL_SCALE || sample <= -FULL_SCALE) block.cut += 1;
        if (block.samples === BLOCK_SAMPLES) close();
      }
    },
    verdict: () => verdict,
  };
}
