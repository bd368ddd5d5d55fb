import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { POLICIES } from '@understudy/shared/contracts';
import { FULL_PARTS } from '../parts.ts';
import { configOf } from '../testing/configs.ts';
import { ALERT_NAMES, ALERTS } from './alert-table.ts';
import { ruleGroups } from './render-rules.ts';
import { thresholdsOf } from './thresholds.ts';

const TEXTS = ['summary', 'detail', 'works', 'done', 'remedy'] as const;
/** As a phone shows it on one line. */
const SUMMARY_LENGTH = 60;
const seconds = (duration: string): number =>
  Number.parseInt(duration, 10) * ({ s: 1, m: 60, h: 3600 }[duration.slice(-1)] ?? Number.NaN);
const alertsOf = (yaml: string, parts = FULL_PARTS as readonly (typeof FULL_PARTS)[number][]) =>
  ruleGroups(configOf(yaml), parts)
    .flatMap(({ rules }) => rules)
    .flatMap((rule) => ('alert' in rule ? [rule] : []));

describe('the alerts', () => {
  it('have the names that the user gave, and other names for the rest', () => {
    const rest = ALERT_NAMES.filter((name) => !POLICIES.some((policy) => policy === name));
    assert.deepEqual(
      ALERT_NAMES.filter((name) => !/^[A-Z][A-Za-z]+$/.test(name)),
      [...POLICIES],
    );
    assert.equal(rest.length + POLICIES.length, ALERT_NAMES.length);
  });

  for (const name of ALERT_NAMES) {
    const alert = ALERTS[name];
    it(`${name} says everything, in words that fit a phone`, () => {
      assert.ok(alert.summary.length <= SUMMARY_LENGTH, alert.summary);
      assert.ok(!alert.summary.endsWith('.'), 'a summary is a headline');
      for (const text of TEXTS) {
        assert.ok(alert[text].length > 0, text);
        assert.doesNotMatch(alert[text].replaceAll(/\{\{ \$labels\.\w+ \}\}/g, ''), /[{}]/, text);
      }
      for (const text of TEXTS.slice(1)) assert.match(alert[text], /\.$|`$/, `${text} is a sentence`);
    });
  }

  it('let a symptom wait longer than its cause takes to arrive', () => {
    // Prometheus hands an alert on within one evaluation, Alertmanager holds a new group for two seconds.
    const cause = seconds(ALERTS.NatsDown.for) + 10;
    const hasty = ALERT_NAMES.filter((name) => {
      const { explainedBy, expr, for: waits } = ALERTS[name];
      // A window of minutes that must fill is a wait of its own.
      const hasWindow = /\[\d+m\]/.test(expr(thresholdsOf(configOf())));
      return explainedBy.type === 'incident' && name !== 'NatsDown' && !hasWindow && seconds(waits) < cause;
    });
    assert.deepEqual(hasty, []);
  });
});

describe('ruleGroups', () => {
  it('renders an alert as Prometheus reads it', () => {
    assert.deepEqual(
      alertsOf('').find(({ alert }) => alert === 'external_service_failure'),
      {
        alert: 'external_service_failure',
        expr: '(max by (service, peer) (understudy_consecutive_failures) >= 3) unless on () (count(last_over_time(understudy_incident_info{policy="external_service_failure",severity=~"critical|error|warning"}[120s])) > 0)',
        for: '10s',
        keep_firing_for: '30s',
        labels: { severity: 'error', policy: 'external_service_failure' },
        annotations: {
          summary: '{{ $labels.peer }} fails again and again',
          description:
            '{{ $labels.service }} failed with {{ $labels.peer }} as many times in a row as alerts.external_service_failure allows. What to do: See whether {{ $labels.peer }} runs and can be reached from this machine, and whether its key or quota is good.',
          works: 'The bot goes on without {{ $labels.peer }}: by another provider or device, or with less.',
          done: 'It is left alone and asked again from time to time; when it answers it is used again.',
          remedy:
            'See whether {{ $labels.peer }} runs and can be reached from this machine, and whether its key or quota is good.',
          runbook_url: 'http://127.0.0.1:8700/v1/runbooks/external_service_failure',
        },
      },
    );
  });

  it('takes the thresholds of the user as they are given', () => {
    assert.deepEqual(thresholdsOf(configOf()), {
      criticalErrors: { count: 1, windowSeconds: 300 },
      slowAnswers: { seconds: 2, window: '5m', minAnswers: 3 },
      memoryShare: 0.8,
      processorShare: 0.9,
      consecutiveFailures: 3,
      services: 5,
      eventLoopLateSeconds: 0.25,
      diskFreeShare: 0.1,
      diskFullWithinSeconds: 86_400,
      redisMemoryShare: 1.1,
      startsIn15m: 3,
      outboxPending: 100,
      logChunks: 50,
      objectives: {
        answer: { budgetShare: 0.01, minEvents: 10 },
        act: { budgetShare: 0.01, minEvents: 10 },
        recovery: { budgetShare: 0.01, minEvents: 3 },
      },
    });
  });

  it('brings every threshold of the configuration into the rules', () => {
    const expressions = alertsOf(`
alerts:
  critical_errors: { threshold: 7, cooldown: 123 }
  performance_degradation: { threshold_ms: 4321, window: 11m }
  resource_usage: { memory_threshold: "71%", cpu_threshold: "61%" }
  external_service_failure: { consecutive_failures: 17 }
health: { event_loop_late_ms: 333 }
objectives: { answer: { target: 98, min_events: 44 }, act: { target: 97, min_events: 45 }, recovery: { target: 96, min_events: 46 } }
rule_limits: { disk_free: "13%", disk_full_within_h: 5, redis_memory: 123, starts_in_15m: 8, outbox_pending: 77, log_chunks: 66, slow_answers_min: 9 }
`)
      .map(({ expr }) => expr)
      .join('\n');
    const numbers = ['[123s])) >= 7', '> 4.321', '[11m]', '>= 9', '> 0.71', '> 0.61', '>= 17', '> 0.333', '> 0.288'];
    const more = [
      '>= 44',
      '> 0.432',
      '>= 45',
      '> 0.576',
      '>= 46',
      '< 0.13',
      ', 18000)',
      '> 1.23',
      '> 8',
      '> 77',
      '> 66',
    ];
    assert.deepEqual(
      [...numbers, ...more].filter((number) => !expressions.includes(number)),
      [],
    );
  });

  it('leaves out what is switched off, and what no program of the stack needs', () => {
    const names = (yaml: string, parts?: readonly (typeof FULL_PARTS)[number][]) =>
      new Set(alertsOf(yaml, parts).map(({ alert }) => alert));
    assert.deepEqual(
      names('').difference(names('alerts: { resource_usage: { enabled: false } }')),
      new Set(['resource_usage']),
    );
    assert.deepEqual(
      names('').difference(names('', [])),
      new Set(ALERT_NAMES.filter((name) => ALERTS[name].needs !== undefined)),
    );
  });
});
