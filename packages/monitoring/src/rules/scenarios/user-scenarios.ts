import type { Policy } from '@understudy/shared/contracts';
import { dip, grow, hold, type Scenario } from './scenario.ts';

const MB = 1024 * 1024;
const LIMIT = 512 * MB;

/** A histogram's series: `slow` of ten answers a step take longer than 2 s. */
const answers = (phases: (perStep: number) => Scenario['series'][string], all: number, fast: number) => ({
  'response_time_seconds_count{job="services",service="llm-service"}': phases(all),
  'response_time_seconds_bucket{job="services",service="llm-service",le="2"}': phases(fast),
  'response_time_seconds_bucket{job="services",service="llm-service",le="3"}': phases(all),
  'response_time_seconds_bucket{job="services",service="llm-service",le="+Inf"}': phases(all),
});

export const USER_SCENARIOS = {
  // One critical error is one too many; the window is the cooldown of 300 s, and other errors do not count.
  critical_errors: {
    series: {
      'understudy_errors_by_severity_total{service="osc-bridge",severity="critical"}': [hold(0, 120), hold(1, 780)],
      'understudy_errors_by_severity_total{service="osc-bridge",severity="error"}': [grow(0, 1, 900)],
    },
    quietAt: [115, 125],
    firesAt: 150,
    fires: [{ service: 'osc-bridge' }],
    resolvedAt: 450,
  },
  // Slow answers, 10 % of all, begin after five minutes and pass out of the window.
  performance_degradation: {
    series: answers((perStep) => [grow(0, 0, 300), grow(0, perStep, 300), hold(perStep * 60, 900)], 1, 0.9),
    quietAt: [290, 325],
    firesAt: 500,
    fires: [{ service: 'llm-service' }],
    resolvedAt: 1000,
  },
  resource_usage: {
    series: {
      'memory_usage_bytes{service="llm-service"}': dip(0.79 * LIMIT, 0.81 * LIMIT, {
        before: 300,
        broken: 120,
        after: 300,
      }),
      'understudy_memory_limit_bytes{service="llm-service"}': [hold(LIMIT, 720)],
      // 0.89 of a core, then 0.95, then idle.
      'process_cpu_seconds_total{job="services",service="cv-service"}': [
        grow(0, 4.45, 300),
        grow(267, 4.75, 120),
        hold(381, 300),
      ],
    },
    quietAt: [295, 345],
    firesAt: 415,
    fires: [
      { service: 'llm-service', resource: 'memory' },
      { service: 'cv-service', resource: 'processor' },
    ],
    resolvedAt: 600,
  },
  external_service_failure: {
    series: {
      'understudy_consecutive_failures{service="llm-service",peer="primary"}': [
        hold(2, 120),
        hold(3, 60),
        hold(0, 120),
      ],
      'understudy_consecutive_failures{service="llm-service",peer="backup"}': [hold(0, 300)],
    },
    quietAt: [115, 125],
    firesAt: 150,
    fires: [{ service: 'llm-service', peer: 'primary' }],
    resolvedAt: 240,
  },
} as const satisfies Readonly<Record<Policy, Scenario>>;
