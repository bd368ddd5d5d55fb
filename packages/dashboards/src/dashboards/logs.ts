import { CustomVariableBuilder, TextBoxVariableBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { SERVICE_NAMES } from '@understudy/shared/contracts';
import { BAD, CARE, NEUTRAL, paintAll, QUIET, SERVICE_COLOURS } from '../panels/house-look.ts';
import { logsPanel } from '../panels/logs-panel.ts';
import { tablePanel } from '../panels/table-panel.ts';
import { timeSeriesPanel } from '../panels/time-series-panel.ts';
import { UNITS } from '../panels/units.ts';
import { logRange, range, traces } from '../queries.ts';
import { createDashboard, type Section } from './create-dashboard.ts';

/** UNKNOWN: what Fluent Bit gives to a line that is no JSON. */
const LOG_LEVELS = ['CRITICAL', 'ERROR', 'WARNING', 'INFO', 'DEBUG', 'UNKNOWN'];
/** Log files by name: those of the services, and what people were told. */
const WRITERS = [...SERVICE_NAMES, 'notices'];
const CHOSEN = '{service_namespace="understudy",service_name=~"$service",level=~"$level"}';
/** The empty text finds every line. */
const MATCHING = `${CHOSEN} |~ \`(?i)$text\``;

const anyOf = (name: string, label: string, values: readonly string[]) =>
  new CustomVariableBuilder(name)
    .label(label)
    .values(values.join(','))
    .multi(true)
    .includeAll(true)
    .allValue('.+')
    .current({ text: ['All'], value: ['$__all'] });

const volume: Section = {
  panels: [
    timeSeriesPanel({
      id: 1,
      title: 'Lines by level',
      description: 'How many lines were written, of the chosen services and levels, with the chosen text.',
      width: 12,
      height: 7,
      look: 'bars',
      unit: UNITS.count,
      noValue: 'No such line in this time',
      queries: [logRange(`sum by (level) (count_over_time(${MATCHING} [$__interval]))`, '{{level}}')],
      overrides: paintAll({
        CRITICAL: 'dark-red',
        ERROR: BAD,
        WARNING: CARE,
        INFO: NEUTRAL,
        DEBUG: QUIET,
        UNKNOWN: 'purple',
      }),
    }),
    timeSeriesPanel({
      id: 2,
      title: 'Lines by service',
      description: 'The same lines by who wrote them.',
      width: 12,
      height: 7,
      look: 'bars',
      unit: UNITS.count,
      noValue: 'No such line in this time',
      queries: [logRange(`sum by (service_name) (count_over_time(${MATCHING} [$__interval]))`, '{{service_name}}')],
      overrides: paintAll(SERVICE_COLOURS),
    }),
    logsPanel({
      id: 3,
      title: 'Lines',
      description: 'Open a line for its fields; its trace_id leads to the trace, and the trace back to all its lines.',
      width: 24,
      height: 16,
      noValue: 'No such line in this time',
      expr: `${MATCHING} | json | line_format \`{{.service_name}} {{.level}} {{.error_code}} {{.message}}\``,
    }),
  ],
};

const odd: Section = {
  title: 'What should not be',
  panels: [
    logsPanel({
      id: 10,
      title: 'Lines that are no JSON',
      description: 'What a process printed while it died, or what came from another program.',
      width: 12,
      height: 8,
      noValue: 'None',
      // Fluent Bit keeps such a line whole in `log`.
      expr: '{service_namespace="understudy",level="UNKNOWN"} | json | line_format `{{.service_name}}: {{.log}}`',
    }),
    tablePanel({
      id: 11,
      title: 'Traces with an error',
      description: 'Turns, errors and recoveries of the shown time whose trace has an error. A click opens it.',
      width: 12,
      height: 8,
      unit: UNITS.words,
      noValue: 'None',
      queries: [traces('{ resource.service.namespace = "understudy" && status = error }')],
      columns: [],
      sortBy: { head: 'Start time', descending: true },
    }),
    timeSeriesPanel({
      id: 12,
      title: 'Folded and lost',
      description:
        'Repeated lines that were counted instead of written, and lines that an output did not take. Lost ones should be zero.',
      width: 24,
      height: 6,
      look: 'bars',
      unit: UNITS.count,
      queries: [
        range('sum by (service) (increase(understudy_log_lines_folded_total[$__interval]))', 'folded: {{service}}'),
        range('sum by (service) (increase(understudy_log_write_errors_total[$__interval]))', 'lost: {{service}}'),
      ],
    }),
  ],
};

/** Every line of every service, and what is odd among them. */
export const logs = () =>
  createDashboard({
    name: 'logs',
    description: 'Log lines by service, level and text; from a line to its trace and back.',
    from: 'now-1h',
    refresh: '10s',
    variables: [
      anyOf('service', 'Service', WRITERS),
      anyOf('level', 'Level', LOG_LEVELS),
      new TextBoxVariableBuilder('text').label('Text').defaultValue(''),
    ],
    sections: [volume, odd],
  });
