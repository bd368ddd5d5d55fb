import type { Severity } from './severity.ts';
import type { StrategyName } from './strategies.ts';

export interface ErrorCategory {
  readonly name: string;
  readonly severity: Severity;
  readonly strategy: StrategyName;
  readonly autoRecoverable: boolean;
}

const category = (name: string, severity: Severity, strategy: StrategyName, autoRecoverable = true): ErrorCategory => ({
  name,
  severity,
  strategy,
  autoRecoverable,
});

/** The first five are the user's, word for word; a code (error-table.ts) may replace severity and strategy. */
export const ERROR_CATEGORIES = {
  AUDIO_DEVICE_ERROR: category('Audio Device Error', 'ERROR', 'device_fallback'),
  OSC_CONNECTION_ERROR: category('OSC Connection Error', 'ERROR', 'reconnect_retry'),
  LLM_API_ERROR: category('LLM API Error', 'WARNING', 'cache_fallback'),
  COMPUTER_VISION_ERROR: category('Computer Vision Error', 'WARNING', 'disable_feature'),
  CONFIGURATION_ERROR: category('Configuration Error', 'CRITICAL', 'default_fallback', false),
  MEMORY_EXHAUSTION: category('Memory Exhaustion', 'ERROR', 'clear_and_restart'),
  SPEECH_IN_ERROR: category('Speech Input Error', 'WARNING', 'cache_fallback'),
  SPEECH_OUT_ERROR: category('Speech Output Error', 'WARNING', 'cache_fallback'),
  PROVIDER_ACCOUNT_ERROR: category('Provider Account Error', 'CRITICAL', 'cache_fallback', false),
  REFUSAL: category('Model Refusal', 'INFO', 'cache_fallback', false),
  FEEDBACK_LOOP: category('Feedback Loop', 'ERROR', 'device_fallback'),
  STALE_PIPELINE: category('Stale Pipeline', 'WARNING', 'reconnect_retry'),
  STUCK_OUTPUT: category('Stuck Output', 'WARNING', 'reconnect_retry'),
  SERVICE_ERROR: category('Service Error', 'ERROR', 'reconnect_retry'),
  PERFORMANCE_ERROR: category('Performance Error', 'WARNING', 'clear_and_restart'),
  DISK_ERROR: category('Disk or Log Error', 'ERROR', 'clear_and_restart'),
  CLOCK_ERROR: category('Clock Error', 'WARNING', 'reconnect_retry'),
  BUS_ERROR: category('Message Bus Error', 'CRITICAL', 'reconnect_retry'),
  CACHE_ERROR: category('Cache Error', 'WARNING', 'reconnect_retry'),
  STREAM_PEER_ERROR: category('Stream Peer Error', 'WARNING', 'reconnect_retry'),
  SUPERVISOR_ERROR: category('Supervisor Error', 'ERROR', 'reconnect_retry'),
} as const satisfies Record<string, ErrorCategory>;

export type CategoryName = keyof typeof ERROR_CATEGORIES;
