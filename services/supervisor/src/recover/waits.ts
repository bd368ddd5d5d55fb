import type { Clock } from '@understudy/shared/service';

/** Why a wait ended before its time: the world changed, the plan changed, or the supervisor stops. */
export type Waking = 'changed' | 'replan' | 'stop';

/** The pauses of all recoveries, each to be ended from outside. A change that finds nobody waiting shortens the next pause. */
export function createWaits(clock: Clock) {
  const waiting = new Map<string, (why: Waking) => void>();
  const changed = new Set<string>();
  let stopped = false;

  const sleep = async (id: string, ms: number): Promise<Waking | undefined> => {
    const woken = new AbortController();
    let why: Waking | undefined;
    waiting.set(id, (reason) => {
      why = reason;
      woken.abort();
    });
    await clock.sleep(ms, woken.signal).catch(() => undefined);
    waiting.delete(id);
    return why;
  };

  return {
    /**
     * @param earliestMs a change in the world ends it after so long; as long as `ms` when only time counts
     * @returns false when what it waited for is no longer the plan
     */
    async wait(id: string, ms: number, earliestMs = ms): Promise<boolean> {
      let left = changed.delete(id) ? Math.min(ms, earliestMs) : ms;
      let passed = 0;
      while (left > 0) {
        if (stopped) return false;
        const from = clock.now();
        const why = await sleep(id, left);
        if (why === undefined) return true;
        if (why !== 'changed') return false;
        // The clock may have been set meanwhile.
        const slept = Math.min(left, Math.max(0, clock.now() - from));
        passed += slept;
        left = Math.min(left - slept, earliestMs - passed);
      }
      return true;
    },
    wake(id: string, why: Waking): void {
      const wake = waiting.get(id);
      if (wake) wake(why);
      else if (why === 'changed') changed.add(id);
    },
    /** It will not wait any more. */
    forget(id: string): void {
      changed.delete(id);
    },
    stop(): void {
      stopped = true;
      for (const wake of [...waiting.values()]) wake('stop');
    },
  };
}
