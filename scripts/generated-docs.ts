import { dashboardFiles } from '@understudy/dashboards';
import { alertsPage } from '@understudy/monitoring';
import { parseConfig } from '@understudy/shared/config';
import {
  COMMANDS,
  ERROR_CATEGORIES,
  FAULTS,
  PIPELINE_TOPICS,
  PROCESS_FAULTS,
  SEVERITY,
  SUPERVISED_SERVICES,
  subjectsOf,
} from '@understudy/shared/contracts';
import { defineError, ERROR_CODES } from '@understudy/shared/errors';
import { METRICS, type MetricRow } from '@understudy/shared/telemetry';

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

const NOTE = '<!-- Written by `npm run docs` from the code; a test holds it to it. Do not edit by hand. -->';

function errorCodes(): string {
  const categories = Object.entries(ERROR_CATEGORIES).map(([key, row]) => [
    `\`${key}\``,
    row.name,
    `${row.severity} (${SEVERITY[row.severity]})`,
    `\`${row.strategy}\``,
    row.autoRecoverable ? 'yes' : 'no',
  ]);
  const codes = ERROR_CODES.map((code) => {
    const row = defineError(code);
    return [
      `\`${code}\``,
      `\`${row.category}\``,
      row.severity,
      `\`${row.cause}\``,
      `\`${row.strategy}\``,
      row.capability ?? '-',
      `\`${row.probe}\``,
      row.summary,
      row.remedy,
    ];
  });
  return [
    '# Error codes',
    NOTE,
    '',
    'From `packages/shared/src/errors/error-table.ts`. `understudy ...` in a remedy is `docker compose exec supervisor understudy ...` in the Compose stack and `npx understudy ...` without Docker; notices and the command line say the one of their reader. A code takes what its category says unless it says otherwise. `cause` paces the recovery:',
    '`needs_operator` is watched and never retried, `none` is no outage. The probe is what must prove a recovery before it counts.',
    '',
    '## Categories',
    '',
    table(['category', 'name', 'severity', 'strategy', 'auto-recoverable'], categories),
    '',
    '## Codes',
    '',
    table(
      ['code', 'category', 'severity', 'cause', 'strategy', 'capability', 'probe', 'what happened', 'what to do'],
      codes,
    ),
    '',
  ].join('\n');
}

function telemetry(): string {
  const labels = (row: MetricRow) =>
    Object.entries(row.labels)
      .map(([name, values]) => (typeof values === 'string' ? `\`${name}\`` : `\`${name}\`: ${values.join(', ')}`))
      .join('; ') || '-';
  const metrics = (Object.entries(METRICS) as [string, MetricRow][]).map(([name, row]) => [
    `\`${name}\``,
    row.type,
    row.unit ?? '-',
    labels(row),
    row.help,
  ]);
  const subjects = subjectsOf('BOT');
  const wire: string[][] = [
    [
      `\`${subjects.error('supervisor').replace('supervisor', 'SERVICE')}\``,
      `JetStream \`${subjects.errorStream}\``,
      'the service',
      'supervisor',
    ],
    [`\`${subjects.incident('INCIDENT')}\``, `JetStream \`${subjects.incidentStream}\``, 'supervisor', 'supervisor'],
    [
      `\`${subjects.heartbeat('supervisor').replace('supervisor', 'SERVICE')}\``,
      'core, every second',
      'the service',
      'supervisor',
    ],
    [
      `\`${subjects.command('cv-service', 'VERB').replace('cv-service', 'SERVICE')}\``,
      'core, request and reply',
      'supervisor',
      'the service',
    ],
    ...Object.entries(PIPELINE_TOPICS).map(([topic, { from, to }]) => {
      const subject = subjects[topic as keyof typeof PIPELINE_TOPICS];
      const name = typeof subject === 'string' ? subject : subject('supervisor').replace('supervisor', 'SERVICE');
      return [`\`${name}\``, 'core', from.join(', '), to.join(', ')];
    }),
    [
      `\`$KV.${subjects.bucket}.OWNER.KEY\``,
      'KV bucket, one writer a key',
      'the owner',
      'the owner; `supervisor.*` every service',
    ],
  ];
  const commands = SUPERVISED_SERVICES.map((service) => [
    `\`${service}\``,
    Object.keys(COMMANDS[service])
      .map((verb) => `\`${verb}\``)
      .join(', '),
  ]);
  const faults = [
    ...Object.entries(FAULTS).map(([fault, { owner, place }]) => [`\`${fault}\``, owner, place]),
    ...PROCESS_FAULTS.map((fault) => [`\`${fault}\``, 'every service (name it)', 'its own process']),
  ];
  return [
    '# Telemetry and wire',
    NOTE,
    '',
    '## Metrics',
    '',
    'From `packages/shared/src/telemetry/metric-table.ts`. Every series also carries `service`. A label without listed values is open.',
    '',
    table(['metric', 'type', 'unit', 'labels', 'meaning'], metrics),
    '',
    '## Subjects',
    '',
    table(['subject', 'kind', 'said by', 'heard by'], wire),
    '',
    '## Commands',
    '',
    table(['service', 'verbs'], commands),
    '',
    '## Faults on purpose',
    '',
    table(['fault', 'owner', 'acts in'], faults),
    '',
    '## Log lines',
    '',
    'JSON, one a line, in `logs/SERVICE.log` and on the console: `timestamp`, `level`, `module`, `message`, `error_code`, `context`, `session_id`,',
    "`user_id`, `performance_data` (the user's), and `service`, `version`, `trace_id`, `span_id`, `incident_id`. 10 MB a file, 5 generations, gzipped from the",
    "second on. Secrets and viewers' addresses are taken out before a line is written.",
    '',
  ].join('\n');
}

function alerts(): string {
  const shipped = parseConfig('', 'config/understudy.yaml');
  if (!shipped.ok) throw new Error('the defaults are no configuration');
  return alertsPage(shipped.config, NOTE, table);
}

/** Every document that is written from the code: path -> content. */
export const generatedDocs = (): Record<string, string> => ({
  'docs/alerts.md': alerts(),
  'docs/error-codes.md': errorCodes(),
  'docs/telemetry.md': telemetry(),
  ...dashboardFiles(),
});
