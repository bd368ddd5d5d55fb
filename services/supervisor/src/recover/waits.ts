import type { Clock } from '@understudy/shared/service';

/** Why a wait ended before its time: the world changed, the plan changed, or the supervisor stops. */
export type Waking = 'changed' | 'replan' | 'stop';

/** The pauses of all recoveries, each to be ended from outside. A waking that finds nobody waiting is not remembered. */
export function createWaits(clock: Clock) {
  const waiting = new Map<string, (why: Waking) => void>();
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
      const from = clock.now();
      let due = from + ms;
      while (clock.now() < due) {
        if (stopped) return false;
        const why = await sleep(id, due - clock.now());
        if (why === 'replan' || why === 'stop') return false;
        if (why === 'changed') due = Math.min(due, from + earliestMs);
      }
      return true;
    },
    wake(id: string, why: Waking): void {
      waiting.get(id)?.(why);
    },
    stop(): void {
      stopped = true;
      for (const wake of [...waiting.values()]) wake('stop');
    },
  };
}
