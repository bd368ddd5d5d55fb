import { QueryVariableBuilder, VariableRefresh } from '@grafana/grafana-foundation-sdk/dashboard';
import { dataSourceRef } from '../data-sources.ts';
import { barGaugePanel } from '../panels/bar-gauge-panel.ts';
import { always, CARE, moreIsBetter, NEUTRAL, paintAll, SERVICE_COLOURS } from '../panels/house-look.ts';
import { logsPanel } from '../panels/logs-panel.ts';
import { statPanel } from '../panels/stat-panel.ts';
import { stateTimelinePanel } from '../panels/state-timeline-panel.ts';
import { tablePanel } from '../panels/table-panel.ts';
import { timeSeriesPanel } from '../panels/time-series-panel.ts';
import { UNITS } from '../panels/units.ts';
import { instant, range, rangeWithTraces, table } from '../queries.ts';
import { MODE_NUMBER, modeMappings, outcomeMappings, strategyMappings } from '../words.ts';
import { createDashboard, type Section } from './create-dashboard.ts';
import { countIn, quantile } from './expressions.ts';
import { lastRecoveriesTable, openIncidentsTable } from './incident-tables.ts';

/** The incidents of the shown time, by code; a link gives an id that is not in the list any more. */
const incidentVariable = () =>
  new QueryVariableBuilder('incident')
    .label('Incident')
    .datasource(dataSourceRef('prometheus'))
    .query({ query: 'query_result(max_over_time(understudy_incident_info[$__range]))', refId: 'incident' })
    .regex('/code="(?<text>[^"]+)".*incident_id="(?<value>[^"]+)"/')
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .includeAll(true)
    .allValue('.+')
    .allowCustomValue(true);

const now: Section = {
  panels: [
    openIncidentsTable({ id: 1, width: 24, height: 6 }),
    stateTimelinePanel({
      id: 2,
      title: 'Mode of the show',
      description: 'What held when, in words.',
      width: 24,
      height: 4,
      unit: UNITS.words,
      mappings: modeMappings(),
      queries: [range(MODE_NUMBER, 'mode')],
    }),
    logsPanel({
      id: 3,
      title: 'The story',
      description:
        'Every step of the incident chosen above, or of all: detected, decided, tried, proved, told. A line leads to its trace.',
      width: 24,
      height: 10,
      oldestFirst: true,
      noValue: 'No incident in this time',
      expr: '{service_namespace="understudy",service_name="supervisor"} | json | context_step!="" | incident_id=~"$incident" | line_format `{{.error_code}} at {{.context_service}}: {{.message}}`',
    }),
  ],
};

const speed: Section = {
  title: 'How fast',
  panels: [
    statPanel({
      id: 10,
      title: 'Noticed after',
      description:
        'Half of the errors of the shown time reached the supervisor sooner than this after they occurred (time to detect).',
      width: 4,
      height: 4,
      look: 'figure',
      unit: UNITS.seconds,
      noValue: 'no errors',
      thresholds: always(NEUTRAL),
      queries: [instant(quantile(0.5, 'understudy_detection_duration_seconds', '$__range'), 'p50')],
    }),
    statPanel({
      id: 11,
      title: 'Mended after',
      description:
        'Half of the recoveries of the shown time were proved sooner than this after the decision (time to recover).',
      width: 4,
      height: 4,
      look: 'figure',
      unit: UNITS.seconds,
      noValue: 'no recoveries',
      thresholds: always(NEUTRAL),
      queries: [instant(quantile(0.5, 'understudy_recovery_duration_seconds', '$__range'), 'p50')],
    }),
    statPanel({
      id: 12,
      title: 'Over after',
      description:
        'Half of the incidents that ended in the shown time were over sooner than this: a peer that stays away lasts longer.',
      width: 4,
      height: 4,
      look: 'figure',
      unit: UNITS.seconds,
      noValue: 'none ended',
      thresholds: always(NEUTRAL),
      queries: [instant(quantile(0.5, 'understudy_incident_duration_seconds', '$__range'), 'p50')],
    }),
    timeSeriesPanel({
      id: 13,
      title: 'Time to detect and to recover',
      description: 'The slow ones (1 in 20). Recoveries are promised within 10 s. A dot leads to the trace of one.',
      width: 12,
      height: 12,
      look: 'line',
      unit: UNITS.seconds,
      limits: [...always(NEUTRAL), { value: 10, color: CARE }],
      queries: [
        rangeWithTraces(quantile(0.95, 'understudy_recovery_duration_seconds', '5m'), 'mended'),
        range(quantile(0.95, 'understudy_detection_duration_seconds', '5m'), 'noticed'),
      ],
    }),
    lastRecoveriesTable({ id: 14, width: 12, height: 8 }),
  ],
};

const outcomes: Section = {
  title: 'What was done',
  panels: [
    tablePanel({
      id: 20,
      title: 'Attempts by strategy',
      description:
        'Single attempts of the shown time. Unverified: it was done, and the probe says that it did not help.',
      width: 12,
      height: 8,
      unit: UNITS.words,
      noValue: 'No attempt in this time',
      queries: [table('sum by (strategy, result) (increase(understudy_recovery_attempts_total[$__range])) > 0')],
      columns: [
        { field: 'strategy', head: 'strategy', minWidth: 160, wrap: true, mappings: strategyMappings() },
        { field: 'result', head: 'result', width: 120 },
        { field: 'Value', head: 'attempts', width: 100, unit: UNITS.count },
      ],
      sortBy: { head: 'attempts', descending: true },
    }),
    tablePanel({
      id: 21,
      title: 'Outcome by strategy',
      description: 'How recoveries of the shown time ended.',
      width: 12,
      height: 8,
      unit: UNITS.words,
      noValue: 'No recovery in this time',
      queries: [table('sum by (strategy, outcome) (increase(understudy_recoveries_total[$__range])) > 0')],
      columns: [
        { field: 'strategy', head: 'strategy', minWidth: 160, wrap: true, mappings: strategyMappings() },
        { field: 'outcome', head: 'outcome', width: 165, mappings: outcomeMappings() },
        { field: 'Value', head: 'times', width: 80, unit: UNITS.count },
      ],
      sortBy: { head: 'times', descending: true },
    }),
    timeSeriesPanel({
      id: 22,
      title: 'Incidents opened',
      description: 'New incidents by their code.',
      width: 12,
      height: 8,
      look: 'bars',
      unit: UNITS.count,
      noValue: 'No incident in this time',
      queries: [range(countIn('understudy_incidents_opened_total', '$__interval', ['code']), '{{code}}')],
    }),
    timeSeriesPanel({
      id: 23,
      title: 'Decisions',
      description:
        'What the supervisor made of each error that reached it: opened an incident, joined one, only recorded it.',
      width: 12,
      height: 8,
      look: 'bars',
      unit: UNITS.count,
      queries: [range(countIn('understudy_decisions_total', '$__interval', ['type']), '{{type}}')],
    }),
  ],
};

const restarts: Section = {
  title: 'Restarts',
  panels: [
    barGaugePanel({
      id: 30,
      title: 'Restarts that are left',
      description: 'Starts that a service may still make before it is parked and an operator is called.',
      width: 8,
      height: 7,
      unit: UNITS.count,
      decimals: 0,
      thresholds: moreIsBetter(1, 2),
      queries: [instant('min by (of) (understudy_restart_budget_remaining)', '{{of}}')],
    }),
    timeSeriesPanel({
      id: 31,
      title: 'Starts',
      description: 'Starts of services that the supervisor saw.',
      width: 8,
      height: 7,
      look: 'bars',
      unit: UNITS.count,
      queries: [range('sum by (of) (increase(understudy_service_starts_total[$__interval]))', '{{of}}')],
      overrides: paintAll(SERVICE_COLOURS),
    }),
    timeSeriesPanel({
      id: 32,
      title: 'Missed heartbeats',
      description:
        'Each service says every second that it lives. A few misses are a busy machine; many in a row open an incident.',
      width: 8,
      height: 7,
      look: 'bars',
      unit: UNITS.count,
      queries: [range('sum by (of) (increase(understudy_missed_heartbeats_total[$__interval]))', '{{of}}')],
      overrides: paintAll(SERVICE_COLOURS),
    }),
  ],
};

/** From a failure to its proof: what happened, how fast, by what means. */
export const incidents = () =>
  createDashboard({
    name: 'incidents',
    description: 'What broke, what Understudy did about it, how fast, and whether it helped.',
    from: 'now-3h',
    refresh: '10s',
    variables: [incidentVariable()],
    sections: [now, speed, outcomes, restarts],
  });
