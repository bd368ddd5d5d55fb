import type { ResolvedConfig } from '@understudy/shared/config';
import { ExponentialBackoff, fullJitterGenerator, noJitterGenerator } from 'cockatiel';
import type { ChildState } from '../child/looker.ts';
import type { Sight } from '../see/sight.ts';
import type { Liveness } from '../see/source-liveness.ts';
import type { OwnRepair, RepairCondition } from './act-alone.ts';
import { type AttemptPace, createAttemptPace } from './attempt-pace.ts';

const pausesWithoutJitter = (initialDelay: number, maxDelay: number) =>
  new ExponentialBackoff({ generator: noJitterGenerator, initialDelay, maxDelay });

/** The strategy `disable_feature` as this service does it alone: a budget of restarts, then off for a while, then one more. */
const restartPace = ({ disable_feature: policy }: ResolvedConfig['recovery']): AttemptPace =>
  createAttemptPace({
    quick: pausesWithoutJitter(policy.restart_delay_ms, policy.off_ms),
    budget: policy.restarts,
    rest: pausesWithoutJitter(policy.off_ms, policy.max_off_ms),
    settledAfterMs: policy.off_ms,
  });

/** The strategy `reconnect_retry`: quick attempts with full jitter, then slow ones for as long as it takes. */
const reconnectPace = ({ reconnect_retry: policy }: ResolvedConfig['recovery']): AttemptPace =>
  createAttemptPace({
    quick: new ExponentialBackoff({
      generator: fullJitterGenerator,
      initialDelay: policy.initial_delay_ms,
      maxDelay: policy.max_delay_ms,
    }),
    budget: policy.quick_attempts,
    rest: pausesWithoutJitter(policy.slow_probe_ms, policy.slow_probe_ms),
    settledAfterMs: policy.slow_probe_ms,
  });

const CHILD_CONDITION: Record<ChildState['state'], RepairCondition> = {
  stopped: 'idle',
  starting: 'idle',
  ready: 'works',
  failed: 'broken',
};
const SOURCE_CONDITION: Record<Liveness['state'], RepairCondition> = {
  waiting: 'idle',
  live: 'works',
  lost: 'broken',
  frozen: 'broken',
};

/** What the commands `restart-child` and `reconnect` would repair. */
export const createOwnRepairs = (
  sight: () => Sight | undefined,
  recovery: ResolvedConfig['recovery'],
): readonly OwnRepair[] => [
  {
    name: 'restart-child',
    condition: () => CHILD_CONDITION[sight()?.looker.state().state ?? 'stopped'],
    repair: async () => (await sight()?.restartChild())?.state === 'ready',
    pace: restartPace(recovery),
  },
  {
    name: 'reconnect',
    // Only an operator mends a refusal; the source itself asks again, slowly.
    condition: () =>
      sight()?.source.isRefused() ? 'idle' : SOURCE_CONDITION[sight()?.watch.liveness().state ?? 'waiting'],
    repair: async () => {
      sight()?.reconnect();
      return sight() !== undefined;
    },
    pace: reconnectPace(recovery),
  },
];
