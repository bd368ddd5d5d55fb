import { stringify } from 'yaml';
import type { RenderedAlert } from './render-rules.ts';
import { renderPhases, type Scenario } from './scenarios/scenario.ts';

const DEFAULT_STEP_SECONDS = 5;
type Labels = Readonly<Record<string, string>>;

/** Fills in what an alert's text may name: labels, and nothing else. */
const fill = (text: string, labels: Labels): string =>
  text.replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, name: string) => labels[name] ?? '');

function expectation({ labels, annotations }: RenderedAlert, own: Labels) {
  // The labels of a rule win over those of its expression.
  const all = { ...own, ...labels };
  return {
    exp_labels: all,
    exp_annotations: Object.fromEntries(
      Object.entries(annotations).map(([name, text]) => [name, fill(text, { ...own, ...labels })]),
    ),
  };
}

function renderScenario(alert: RenderedAlert, scenario: Scenario, step: number) {
  const silentAt = (at: number) => ({ eval_time: `${at}s`, alertname: alert.alert, exp_alerts: [] });
  return {
    name: alert.alert,
    interval: `${step}s`,
    input_series: Object.entries(scenario.series).map(([series, phases]) => ({
      series,
      values: renderPhases(phases, step),
    })),
    alert_rule_test: [
      ...scenario.quietAt.map(silentAt),
      {
        eval_time: `${scenario.firesAt}s`,
        alertname: alert.alert,
        exp_alerts: scenario.fires.map((own) => expectation(alert, own)),
      },
      silentAt(scenario.resolvedAt),
    ],
  };
}

/** The story of one alert as a test file of promtool. @param ruleFiles as promtool finds them from the file's folder */
export function renderRuleTest(alert: RenderedAlert, scenario: Scenario, ruleFiles: readonly string[]): string {
  const step = scenario.stepSeconds ?? DEFAULT_STEP_SECONDS;
  const test = {
    rule_files: ruleFiles,
    evaluation_interval: `${step}s`,
    tests: [renderScenario(alert, scenario, step)],
  };
  return stringify(test, { lineWidth: 0, aliasDuplicateObjects: false });
}
