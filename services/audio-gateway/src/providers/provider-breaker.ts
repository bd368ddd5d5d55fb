import type { Clock } from '@understudy/shared/service';
import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  IsolatedCircuitError,
} from 'cockatiel';

/** `audio.breaker` of the configuration; milliseconds. */
export interface BreakerSettings {
  readonly consecutive_failures: number;
  readonly half_open_after_ms: number;
  readonly account_after_ms: number;
}

export interface ProviderBreaker {
  /** @throws BreakerOpenError when the call is not made, else what the call throws */
  run<T>(call: () => Promise<T>): Promise<T>;
  /** Would a call not even be made now? */
  isBlocking(): boolean;
  /** One failure was enough: no call for so long. */
  isolate(ms: number): void;
  /** It works (a probe has shown it): calls are made again. */
  close(): void;
}

export class BreakerOpenError extends Error {
  override readonly name = 'BreakerOpenError';
  readonly code = 'BREAKER_OPEN';
}

/** The gauge's values. */
const STATE_VALUE: Readonly<Record<CircuitState, number>> = {
  [CircuitState.Closed]: 0,
  [CircuitState.HalfOpen]: 1,
  [CircuitState.Open]: 2,
  [CircuitState.Isolated]: 3,
};

/** One breaker of cockatiel. An isolation ends by itself, looked at when the next call comes: no timer is kept. */
export function createProviderBreaker(
  settings: BreakerSettings,
  clock: Pick<Clock, 'now'>,
  onState: (value: number) => void,
): ProviderBreaker {
  const create = () => {
    const policy = circuitBreaker(
      handleWhen((error) => !(error instanceof BreakerOpenError)),
      { halfOpenAfter: settings.half_open_after_ms, breaker: new ConsecutiveBreaker(settings.consecutive_failures) },
    );
    policy.onStateChange((state) => onState(STATE_VALUE[state]));
    policy.onBreak(() => {
      openUntil = clock.now() + settings.half_open_after_ms;
    });
    return policy;
  };
  let openUntil = 0;
  let policy = create();
  let isolation: { readonly until: number; readonly handle: { dispose(): void } } | undefined;
  onState(STATE_VALUE[policy.state]);

  const endIsolation = () => {
    isolation?.handle.dispose();
    isolation = undefined;
  };

  return {
    async run(call) {
      if (isolation && clock.now() >= isolation.until) endIsolation();
      try {
        return await policy.execute(call);
      } catch (error) {
        if (error instanceof BrokenCircuitError || error instanceof IsolatedCircuitError) {
          throw new BreakerOpenError('The breaker is open', { cause: error });
        }
        throw error;
      }
    },
    isBlocking: () =>
      isolation ? clock.now() < isolation.until : policy.state === CircuitState.Open && clock.now() < openUntil,
    isolate(ms) {
      endIsolation();
      isolation = { until: clock.now() + ms, handle: policy.isolate() };
    },
    close() {
      if (isolation === undefined && policy.state === CircuitState.Closed) return;
      endIsolation();
      policy = create();
      onState(STATE_VALUE[policy.state]);
    },
  };
}
