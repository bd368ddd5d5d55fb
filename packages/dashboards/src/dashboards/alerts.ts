import { always, BAD, CARE, GOOD, inWords, lessIsBetter, NEUTRAL } from '../panels/house-look.ts';
import { nodeGraphPanel } from '../panels/node-graph-panel.ts';
import { statPanel } from '../panels/stat-panel.ts';
import { stateTimelinePanel } from '../panels/state-timeline-panel.ts';
import { tablePanel } from '../panels/table-panel.ts';
import { timeSeriesPanel } from '../panels/time-series-panel.ts';
import { UNITS } from '../panels/units.ts';
import { instant, range, table } from '../queries.ts';
import { severityMappings } from '../words.ts';
import { createDashboard, type Section } from './create-dashboard.ts';
import { countIn } from './expressions.ts';

/** As `@understudy/monitoring` names its objectives. */
const OBJECTIVE_WORDS = {
  answer: 'A viewer gets an answer within 3 s',
  act: 'The avatar acts when asked',
  recovery: 'A recovery is proved within 10 s',
} as const;

const objectives: Section = {
  title: 'Three promises',
  panels: [
    ...Object.entries(OBJECTIVE_WORDS).map(([name, title], index) =>
      statPanel({
        id: 1 + index,
        title,
        description:
          'Kept: share of the last hour and of the last week that was good. Left: what is left of the budget of failures of the week; below zero the promise is broken (-100 %: by as much again, or more).',
        width: 8,
        height: 6,
        look: 'figure',
        unit: UNITS.share,
        decimals: 1,
        noValue: 'nothing to judge yet',
        thresholds: always(NEUTRAL),
        queries: [
          instant(`1 - objective:bad:ratio_1h{objective="${name}"}`, 'kept, hour'),
          instant(`1 - objective:bad:ratio_7d{objective="${name}"}`, 'kept, week'),
          instant(`clamp_min(objective:error_budget_left:ratio{objective="${name}"}, -1)`, 'budget left'),
        ],
        overrides: [
          {
            name: 'budget left',
            properties: [
              {
                id: 'thresholds',
                value: {
                  mode: 'absolute',
                  steps: [
                    { value: null, color: BAD },
                    { value: 0, color: CARE },
                    { value: 0.25, color: GOOD },
                  ],
                },
              },
            ],
          },
        ],
      }),
    ),
    timeSeriesPanel({
      id: 10,
      title: 'Share of failures',
      description: 'Of each promise, over the last hour at each moment.',
      width: 12,
      height: 7,
      look: 'line',
      unit: UNITS.share,
      noValue: 'Nothing to judge yet',
      queries: [range('objective:bad:ratio_1h', '{{objective}}')],
    }),
    timeSeriesPanel({
      id: 11,
      title: 'Budget that is left',
      description:
        'Of each promise. A line that falls steeply raises an alert before it reaches zero, where the budget is spent.',
      width: 12,
      height: 7,
      look: 'line',
      unit: UNITS.share,
      noValue: 'Nothing to judge yet',
      queries: [range('clamp_min(objective:error_budget_left:ratio, 0)', '{{objective}}')],
    }),
  ],
};

const alertsNow: Section = {
  title: 'Alerts',
  panels: [
    tablePanel({
      id: 20,
      title: 'Rules that fire or are about to',
      description:
        'Alerts of Prometheus. Incidents of the bot itself stand under Incidents. Watchdog always fires: its absence is the alarm.',
      width: 12,
      height: 8,
      unit: UNITS.words,
      noValue: 'the stack',
      queries: [table('max by (alertname, alertstate, severity, service) (ALERTS)')],
      columns: [
        { field: 'alertname', head: 'alert', minWidth: 180 },
        {
          field: 'alertstate',
          head: 'state',
          width: 90,
          mappings: inWords({ firing: { text: 'fires', color: BAD }, pending: { text: 'waits', color: CARE } }),
        },
        { field: 'severity', head: 'severity', width: 100, mappings: severityMappings() },
        { field: 'service', head: 'where', width: 130 },
      ],
      sortBy: { head: 'alert', descending: false },
    }),
    stateTimelinePanel({
      id: 21,
      title: 'When they fired',
      description: 'Alerts over the shown time.',
      width: 12,
      height: 8,
      unit: UNITS.words,
      noValue: 'None in this time',
      mappings: inWords({ 1: { text: 'fires', color: BAD } }),
      queries: [range('max by (alertname) (ALERTS{alertstate="firing",alertname!="Watchdog"})', '{{alertname}}')],
    }),
    timeSeriesPanel({
      id: 22,
      title: 'Notices',
      description: 'What the supervisor told, by channel: told, held back as a repetition, or failed.',
      width: 8,
      height: 7,
      look: 'bars',
      unit: UNITS.count,
      noValue: 'Nobody had to be told in this time',
      queries: [
        range(
          'sum by (channel, result) (increase(understudy_notices_total[$__interval])) > 0',
          '{{channel}}: {{result}}',
        ),
      ],
    }),
    timeSeriesPanel({
      id: 23,
      title: 'Messages of Alertmanager',
      description: 'Messages sent by receiver kind, and those that failed. Failed ones are tried again.',
      width: 8,
      height: 7,
      look: 'bars',
      unit: UNITS.count,
      queries: [
        range('sum by (integration) (increase(alertmanager_notifications_total[$__interval])) > 0', '{{integration}}'),
        range(
          'sum by (integration) (increase(alertmanager_notifications_failed_total[$__interval])) > 0',
          'failed: {{integration}}',
        ),
      ],
    }),
    timeSeriesPanel({
      id: 24,
      title: 'Actions that alerts asked for',
      description: 'Named actions from the allow-list, by result.',
      width: 8,
      height: 7,
      look: 'bars',
      unit: UNITS.count,
      noValue: 'None in this time',
      queries: [
        range(countIn('understudy_alert_actions_total', '$__interval', ['action', 'result']), '{{action}}: {{result}}'),
      ],
    }),
  ],
};

const watching: Section = {
  title: 'Who watches the watchers',
  panels: [
    stateTimelinePanel({
      id: 30,
      title: 'Who answers',
      description: 'Every program that Prometheus asks, over the shown time.',
      width: 12,
      height: 10,
      unit: UNITS.words,
      mappings: inWords({ 0: { text: 'silent', color: BAD }, 1: { text: 'answers', color: GOOD } }),
      queries: [
        range('max by (service) (up{job="services"})', '{{service}}'),
        range('max by (job) (up{job!~"services|host.*"})', '{{job}}'),
      ],
    }),
    stateTimelinePanel({
      id: 31,
      title: 'What the supervisor sees',
      description: 'NATS, Redis and Alertmanager, as the supervisor finds them.',
      width: 12,
      height: 5,
      unit: UNITS.words,
      mappings: inWords({ 0: { text: 'away', color: BAD }, 1: { text: 'answers', color: GOOD } }),
      queries: [range('max by (dependency) (understudy_dependency_up)', '{{dependency}}')],
    }),
    statPanel({
      id: 32,
      title: 'Rules that could not be judged',
      description: 'Evaluations of rules that failed in the shown time. Should be zero.',
      width: 6,
      height: 5,
      look: 'figure',
      unit: UNITS.count,
      decimals: 0,
      thresholds: lessIsBetter(1, 10),
      queries: [instant('sum(increase(prometheus_rule_evaluation_failures_total[$__range]))', '')],
    }),
    statPanel({
      id: 33,
      title: 'Log lines lost',
      description: 'Lines that Fluent Bit gave up on in the shown time. Should be zero.',
      width: 6,
      height: 5,
      look: 'figure',
      unit: UNITS.count,
      decimals: 0,
      thresholds: lessIsBetter(1, 1),
      queries: [
        instant(
          'sum(increase(fluentbit_output_dropped_records_total[$__range])) + sum(increase(fluentbit_output_retries_failed_total[$__range]))',
          '',
        ),
      ],
    }),
    nodeGraphPanel({
      id: 34,
      title: 'Who calls whom',
      description: 'The service graph, from the traces of the shown time.',
      width: 24,
      height: 12,
    }),
  ],
};

/** Promises to the viewer, alerts, and the programs that watch. */
export const alerts = () =>
  createDashboard({
    name: 'alerts',
    description: 'Are the promises kept, which alerts fire, who was told, and do the watchers work.',
    from: 'now-3h',
    refresh: '30s',
    sections: [objectives, alertsNow, watching],
  });
