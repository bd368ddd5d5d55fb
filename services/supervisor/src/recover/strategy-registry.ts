import type { StrategyName } from '@understudy/shared/contracts';
import { cacheFallback } from './cache-fallback.ts';
import { clearAndRestart } from './clear-and-restart.ts';
import { defaultFallback } from './default-fallback.ts';
import { deviceFallback } from './device-fallback.ts';
import { disableFeature } from './disable-feature.ts';
import { reconnectRetry } from './reconnect-retry.ts';
import type { RecoveryStrategy } from './recovery-strategy.ts';

export const STRATEGY_REGISTRY: Readonly<Record<StrategyName, RecoveryStrategy>> = {
  device_fallback: deviceFallback,
  reconnect_retry: reconnectRetry,
  cache_fallback: cacheFallback,
  disable_feature: disableFeature,
  default_fallback: defaultFallback,
  clear_and_restart: clearAndRestart,
};
