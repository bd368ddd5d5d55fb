import type { Policy } from '@understudy/shared/contracts';
import { type AlertRule, policy } from '../alert.ts';

/** The user's four, counted from metrics, so that they work without the supervisor. Its incidents say more and silence them. */
export const USER_ALERTS = {
  critical_errors: {
    severity: 'critical',
    // An incident of the same failure arrives within a second and silences this.
    for: '10s',
    keepFiringFor: '0s',
    expr: ({ criticalErrors: { count, windowSeconds } }) =>
      `sum by (service) (increase(understudy_errors_by_severity_total{severity="critical"}[${windowSeconds}s])) >= ${count}`,
    explainedBy: policy('critical_errors'),
    summary: 'Critical errors in {{ $labels.service }}',
    detail: '{{ $labels.service }} counted critical errors, and no open incident says which.',
    works: 'The parts of the bot that have no notice of their own.',
    done: 'Each error was taken to the supervisor; if it is away, the services go on by their own fallbacks.',
    remedy:
      'Run `docker compose exec supervisor understudy incidents`; if the supervisor does not answer, look for CRITICAL in `docker compose logs {{ $labels.service }}`.',
  },
  performance_degradation: {
    severity: 'warning',
    for: '30s',
    keepFiringFor: '1m',
    expr: ({ slowAnswers: { seconds, window, minAnswers } }) =>
      `histogram_quantile(0.95, sum by (service, le) (rate(response_time_seconds_bucket[${window}]))) > ${seconds} ` +
      `and sum by (service) (increase(response_time_seconds_count[${window}])) >= ${minAnswers}`,
    explainedBy: policy('performance_degradation'),
    summary: 'The model answers slowly',
    detail: 'One answer in twenty takes longer than the threshold of alerts.performance_degradation.',
    works: 'Viewers get answers, later than usual.',
    done: 'Calls that pass their deadline are answered by the next provider, the cache or a prepared line.',
    remedy:
      'See the load of the model (a game on the same GPU?), choose a smaller model, or put a faster provider first in llm.providers.',
  },
  resource_usage: {
    severity: 'warning',
    for: '1m',
    keepFiringFor: '1m',
    expr: ({ memoryShare, processorShare }) =>
      `label_replace(service:memory_used:ratio > ${memoryShare}, "resource", "memory", "", "") or ` +
      `label_replace(service:processor_used:rate1m > ${processorShare}, "resource", "processor", "", "")`,
    explainedBy: policy('resource_usage'),
    summary: '{{ $labels.service }} uses too much {{ $labels.resource }}',
    detail: '{{ $labels.service }} is above the threshold of alerts.resource_usage for {{ $labels.resource }}.',
    works: 'Everything, as long as the limit is not reached.',
    done: 'Above the memory threshold caches are cleared, then optional features shed, then the service is restarted between two utterances.',
    remedy:
      'If it comes back: raise resources.memory_limit_mb of {{ $labels.service }}, or switch optional features off (vision.max_fps).',
  },
  external_service_failure: {
    severity: 'error',
    for: '10s',
    keepFiringFor: '30s',
    expr: ({ consecutiveFailures }) =>
      `max by (service, peer) (understudy_consecutive_failures) >= ${consecutiveFailures}`,
    explainedBy: policy('external_service_failure'),
    summary: '{{ $labels.peer }} fails again and again',
    detail:
      '{{ $labels.service }} failed with {{ $labels.peer }} as many times in a row as alerts.external_service_failure allows.',
    works: 'The bot goes on without {{ $labels.peer }}: by another provider or device, or with less.',
    done: 'It is left alone and asked again from time to time; when it answers it is used again.',
    remedy:
      'See whether {{ $labels.peer }} runs and can be reached from this machine, and whether its key or quota is good.',
  },
} as const satisfies Readonly<Record<Policy, AlertRule>>;
