import type { SourceHealth } from './audio-source.ts';

/** `waiting`: it was just selected and may still begin. */
export type InputCondition = 'waiting' | 'delivering' | 'lost' | 'silent';

/** Milliseconds. */
export interface InputLimits {
  readonly framesTimeoutMs: number;
  readonly silenceTimeoutMs: number;
  /** How long after its selection an input may take for its first frame. */
  readonly graceMs: number;
}

export function judgeInput(health: SourceHealth, selectedAt: number, now: number, limits: InputLimits): InputCondition {
  const { lastFrameAt, zeroSince } = health;
  if (lastFrameAt === undefined) return now - selectedAt > limits.graceMs ? 'lost' : 'waiting';
  if (now - lastFrameAt > limits.framesTimeoutMs) return now - selectedAt > limits.graceMs ? 'lost' : 'waiting';
  const isSilent = zeroSince !== undefined && now - zeroSince >= limits.silenceTimeoutMs;
  return isSilent ? 'silent' : 'delivering';
}
