import { INHIBIT_RULES } from './alertmanager/inhibitions.ts';
import { FULL_PARTS } from './parts.ts';
import type { AlertRule } from './rules/alert.ts';
import { ALERT_GROUPS } from './rules/alert-table.ts';
import { BURNS, OBJECTIVE_NAMES, OBJECTIVES } from './rules/objectives.ts';
import { type RulesConfig, ruleGroups } from './rules/render-rules.ts';
import { thresholdsOf } from './rules/thresholds.ts';

/** Makes a Markdown table of a head and rows. */
export type RenderTable = (head: readonly string[], rows: readonly (readonly string[])[]) => string;

const GROUP_TITLES: Readonly<Record<keyof typeof ALERT_GROUPS, string>> = {
  user: "The user's four",
  services: 'Services',
  dependencies: 'Bus, cache, disks',
  watchers: 'The programs that watch',
  objectives: 'Objectives',
};

const code = (text: string): string => `\`${text}\``;
const plain = (text: string): string =>
  text.replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => label.toUpperCase());

function silencedBy({ explainedBy }: AlertRule): string {
  switch (explainedBy.type) {
    case 'policy':
      return `an incident of policy ${code(explainedBy.policy)}`;
    case 'incident':
      return 'an incident of its service, or of the bus';
    case 'nothing':
      return '-';
  }
}

/** docs/alerts.md: every alert with the numbers of this configuration. */
export function alertsPage(config: RulesConfig, note: string, table: RenderTable): string {
  const thresholds = thresholdsOf(config);
  const groups = Object.entries(ALERT_GROUPS).flatMap(([group, alerts]) => [
    `## ${GROUP_TITLES[group as keyof typeof ALERT_GROUPS]}`,
    '',
    table(
      ['alert', 'severity', 'for', 'says', 'when', 'silenced by', 'only with'],
      (Object.entries(alerts) as [string, AlertRule][]).map(([name, alert]) => [
        `[${code(name)}](runbooks/${name}.md)`,
        alert.severity,
        alert.for,
        plain(alert.summary),
        code(alert.expr(thresholds)),
        silencedBy(alert),
        alert.needs ?? '-',
      ]),
    ),
    '',
  ]);
  const recorded = ruleGroups(config, FULL_PARTS).flatMap(({ rules }) =>
    rules.flatMap((rule) => ('record' in rule ? [rule.record] : [])),
  );
  return [
    '# Alerts',
    note,
    '',
    'From `packages/monitoring/src/rules`, with the numbers of the configuration as it is shipped. Failures of the bot are incidents and come from the supervisor; these are',
    'for what it cannot see. Each has unit tests that it is silent, fires and resolves, and a [runbook](runbooks/incidents.md).',
    '',
    ...groups,
    '## Objectives and their budgets',
    '',
    table(
      ['objective', 'promise', 'bad share allowed', 'judged from'],
      OBJECTIVE_NAMES.map((name) => [
        code(name),
        OBJECTIVES[name].promise,
        `${thresholds.objectives[name].budgetShare * 100} %`,
        `${thresholds.objectives[name].minEvents} events`,
      ]),
    ),
    '',
    `Fast: ${BURNS.fast.factor} times the pace over ${BURNS.fast.long} and ${BURNS.fast.short}. Slow: ${BURNS.slow.factor} times over ${BURNS.slow.long} and ${BURNS.slow.short}.`,
    '',
    '## Recorded',
    '',
    [...new Set(recorded)].map(code).join(', '),
    '',
    '## Held back by Alertmanager',
    '',
    table(
      ['while there is', 'this is not told', 'with the same'],
      INHIBIT_RULES.map(({ source_matchers, target_matchers, equal }) => [
        source_matchers.map(code).join(' '),
        target_matchers.map(code).join(' '),
        equal?.map(code).join(', ') ?? '-',
      ]),
    ),
    '',
  ].join('\n');
}
