import type { TurnInput } from '@understudy/shared/contracts';

/** Who speaks again while he is being answered has interrupted: what he said before is not what he waits for now. Chat is no speech. */
export const isSpokenOver = (earlier: TurnInput, now: TurnInput): boolean =>
  earlier.turnId !== now.turnId &&
  earlier.source === 'speech' &&
  now.source === 'speech' &&
  earlier.userId === now.userId &&
  earlier.sessionId === now.sessionId;
