import type { AudioSource } from './audio-source.ts';

/** An approved input that is never opened: it is listed, and its test says why it fails. */
export function createRefusedSource(id: string, refusal: string): AudioSource {
  return {
    id,
    refusal,
    start: () => {},
    stop: () => {},
    health: () => ({ lastFrameAt: undefined, zeroSince: undefined, lostPackets: 0, problem: refusal }),
    test: async () => ({ ok: false, detail: `${id}: ${refusal}` }),
    close: () => {},
  };
}
