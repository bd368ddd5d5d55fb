import { SERVICE_NAMES } from '@understudy/shared/contracts';
import type { SERVICE_ALERTS } from '../alerts/service-alerts.ts';
import { dip, gone, grow, hold, type Scenario } from './scenario.ts';

const MINUTE = { before: 60, broken: 180, after: 300 };
const up = (service: string) => `up{job="services",service="${service}"}`;
const started = (service: string) => `process_start_time_seconds{job="services",service="${service}"}`;

export const SERVICE_SCENARIOS = {
  SupervisorDown: {
    series: { [up('supervisor')]: dip(1, 0, MINUTE), [up('llm-service')]: [hold(0, 540)] },
    quietAt: [55, 75],
    firesAt: 90,
    fires: [{ job: 'services', service: 'supervisor' }],
    resolvedAt: 300,
  },
  ServiceDown: {
    series: { [up('llm-service')]: dip(1, 0, MINUTE), [up('supervisor')]: [hold(0, 540)] },
    quietAt: [55, 100],
    firesAt: 120,
    fires: [{ job: 'services', service: 'llm-service' }],
    resolvedAt: 300,
  },
  // One of five is no longer known, then none, then all. What is down is still known.
  ServiceTargetsMissing: {
    series: Object.fromEntries(
      SERVICE_NAMES.map((service) => [
        up(service),
        service === 'supervisor' ? [hold(0, 60), gone(600), hold(1, 300)] : [hold(0, 360), gone(300), hold(1, 300)],
      ]),
    ),
    quietAt: [55, 385],
    firesAt: 480,
    fires: [{}],
    resolvedAt: 700,
  },
  // Four starts within a quarter of an hour; three are allowed.
  ServiceRestarting: {
    series: {
      [started('cv-service')]: [hold(1, 60), hold(2, 60), hold(3, 60), hold(4, 60), hold(5, 1500)],
      [started('llm-service')]: [hold(1, 60), hold(2, 1680)],
    },
    quietAt: [235],
    firesAt: 250,
    fires: [{ job: 'services', service: 'cv-service' }],
    resolvedAt: 1200,
  },
  EventLoopLate: {
    series: {
      'understudy_event_loop_delay_seconds{service="audio-gateway",statistic="p99"}': dip(0.24, 0.26, MINUTE),
      'understudy_event_loop_delay_seconds{service="audio-gateway",statistic="max"}': [hold(0.9, 540)],
    },
    quietAt: [55, 100],
    firesAt: 130,
    fires: [{ service: 'audio-gateway' }],
    resolvedAt: 400,
  },
  OutboxGrowing: {
    series: { 'understudy_outbox_pending{service="osc-bridge"}': dip(100, 101, MINUTE) },
    quietAt: [55, 100],
    firesAt: 130,
    fires: [{ service: 'osc-bridge' }],
    resolvedAt: 400,
  },
  LogWritesFailing: {
    series: {
      'understudy_log_write_errors_total{service="osc-bridge",output="file"}': [
        hold(0, 60),
        grow(1, 1, 60),
        hold(12, 900),
      ],
      'understudy_log_write_errors_total{service="osc-bridge",output="console"}': [hold(0, 1020)],
    },
    quietAt: [55],
    firesAt: 90,
    fires: [{ service: 'osc-bridge' }],
    resolvedAt: 900,
  },
} as const satisfies Readonly<Record<keyof typeof SERVICE_ALERTS, Scenario>>;
