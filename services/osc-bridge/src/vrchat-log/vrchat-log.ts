import type { SteadyNow } from '../steady-time.ts';
import { hintOf, LOOK_EVERY_MS, type LogHint, NO_LOG, onLook } from './log-state.ts';
import { createLogTail } from './log-tail.ts';

/** VRChat's own log, where `vrchat.log_folder` is mounted. Nothing depends on it. */
export interface VrchatLog {
  /** Looks when it is time. */
  beat(): void;
  oscQueryPort(): number | undefined;
  hint(provenAt: number | undefined): LogHint;
}

export function createVrchatLog(parts: {
  readonly now: SteadyNow;
  readonly folder: () => string | undefined;
}): VrchatLog {
  const { now, folder } = parts;
  let tail = createLogTail();
  let state = NO_LOG;
  let followed: string | undefined;
  let isFirst = true;
  let dueAt = 0;
  let isLooking = false;

  const look = async (where: string): Promise<void> => {
    isLooking = true;
    try {
      const seen = await tail.look(where);
      state = onLook(state, seen, now(), isFirst);
      isFirst = false;
    } finally {
      isLooking = false;
    }
  };
  return {
    beat() {
      if (isLooking || now() < dueAt) return;
      dueAt = now() + LOOK_EVERY_MS;
      const where = folder();
      if (where !== followed) {
        tail = createLogTail();
        state = NO_LOG;
        isFirst = true;
        followed = where;
      }
      if (where !== undefined) void look(where);
    },
    oscQueryPort: () => state.oscQueryPort,
    hint: (provenAt) => hintOf(state, now(), provenAt),
  };
}
