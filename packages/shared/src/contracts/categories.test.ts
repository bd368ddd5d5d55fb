import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ERROR_CATEGORIES } from './categories.ts';

/** The table of user-plan.md, word for word. */
const OF_THE_USER = {
  AUDIO_DEVICE_ERROR: {
    name: 'Audio Device Error',
    severity: 'ERROR',
    strategy: 'device_fallback',
    autoRecoverable: true,
  },
  OSC_CONNECTION_ERROR: {
    name: 'OSC Connection Error',
    severity: 'ERROR',
    strategy: 'reconnect_retry',
    autoRecoverable: true,
  },
  LLM_API_ERROR: { name: 'LLM API Error', severity: 'WARNING', strategy: 'cache_fallback', autoRecoverable: true },
  COMPUTER_VISION_ERROR: {
    name: 'Computer Vision Error',
    severity: 'WARNING',
    strategy: 'disable_feature',
    autoRecoverable: true,
  },
  CONFIGURATION_ERROR: {
    name: 'Configuration Error',
    severity: 'CRITICAL',
    strategy: 'default_fallback',
    autoRecoverable: false,
  },
};

it("begins with the user's five, word for word", () => {
  assert.deepEqual(Object.fromEntries(Object.entries(ERROR_CATEGORIES).slice(0, 5)), OF_THE_USER);
});
