import type { Config } from '@understudy/shared/config';
import { isPolicy } from '@understudy/shared/contracts';
import { stringify } from 'yaml';
import type { FullPart } from '../parts.ts';
import type { AlertRule } from './alert.ts';
import { ALERT_GROUPS } from './alert-table.ts';
import { objectiveRules, type RecordingRule, SERVICE_RULES } from './recording-rules.ts';
import { type Thresholds, thresholdsOf } from './thresholds.ts';
import { unlessTold } from './unless-told.ts';

export interface RenderedAlert {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly keep_firing_for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface RuleGroup {
  readonly name: string;
  readonly interval?: string;
  readonly rules: readonly (RecordingRule | RenderedAlert)[];
}

export type RulesConfig = Pick<Config, 'alerts' | 'health' | 'objectives' | 'rule_limits' | 'notifications'>;

const explanationLabels = ({ explainedBy }: AlertRule): Record<string, string> => {
  switch (explainedBy.type) {
    case 'policy':
      return { policy: explainedBy.policy };
    case 'incident':
      return { symptom: 'true' };
    case 'nothing':
      return {};
  }
};

/** One alert as Prometheus reads it. The annotations are those of an incident's alert too, so that one template tells both. */
export const renderAlert = (
  name: string,
  alert: AlertRule,
  thresholds: Thresholds,
  runbookBaseUrl: string,
): RenderedAlert => ({
  alert: name,
  expr: unlessTold(alert.expr(thresholds), alert.explainedBy),
  for: alert.for,
  keep_firing_for: alert.keepFiringFor,
  labels: { severity: alert.severity, ...explanationLabels(alert) },
  annotations: {
    summary: alert.summary,
    description: `${alert.detail} What to do: ${alert.remedy}`,
    works: alert.works,
    done: alert.done,
    remedy: alert.remedy,
    runbook_url: `${runbookBaseUrl}/${name}`,
  },
});

const isOn = (config: RulesConfig, name: string): boolean => !isPolicy(name) || config.alerts[name].enabled;

/** All groups of rules: what is recorded first, since alerts read it. */
export function ruleGroups(config: RulesConfig, parts: readonly FullPart[]): RuleGroup[] {
  const thresholds = thresholdsOf(config);
  const alertGroups = Object.entries(ALERT_GROUPS).map(([group, alerts]) => ({
    name: `alerts-${group}`,
    rules: (Object.entries(alerts) as [string, AlertRule][])
      .filter(([name, { needs }]) => isOn(config, name) && (needs === undefined || parts.includes(needs)))
      .map(([name, alert]) => renderAlert(name, alert, thresholds, config.notifications.runbook_base_url)),
  }));
  return [
    { name: 'services', rules: SERVICE_RULES },
    // Windows of hours and days: once a minute is often enough, and costs a twelfth.
    { name: 'objectives', interval: '1m', rules: objectiveRules(thresholds) },
    ...alertGroups,
  ];
}

/** Groups as a rule file. */
export const renderGroups = (groups: readonly RuleGroup[]): string => stringify({ groups }, { lineWidth: 0 });
