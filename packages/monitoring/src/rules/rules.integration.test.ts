import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { FULL_PARTS, STACKS } from '../parts.ts';
import { renderStack } from '../render-stack.ts';
import { configOf } from '../testing/configs.ts';
import { createFolder, type TestFolder } from '../testing/folder.ts';
import { run, whyNot } from '../testing/programs.ts';
import { renderRuleTest } from './render-rule-test.ts';
import { type RenderedAlert, renderGroups, ruleGroups } from './render-rules.ts';
import { gone, hold, type Scenario } from './scenarios/scenario.ts';
import { SCENARIOS, type StoriedAlert } from './scenarios/scenario-table.ts';

/** The recordings that alerts read; those of hours and days only where they are needed, since promtool evaluates all of them. */
const recordingsOf = (alertGroup: string): string => (alertGroup === 'alerts-objectives' ? 'objectives' : 'services');

describe('the rules, judged by promtool', { skip: whyNot('promtool') }, () => {
  let folder: TestFolder;
  const groups = ruleGroups(configOf(), FULL_PARTS);
  before(() => {
    folder = createFolder();
    folder.write(Object.fromEntries(groups.map((group) => [`${group.name}.yml`, renderGroups([group])])));
  });
  after(() => folder.remove());

  for (const stack of STACKS) {
    test(`${stack}: the configuration and every rule in it are right, without a lint`, () => {
      const rendered = renderStack(configOf(), { stack, receivers: [] });
      assert(rendered.ok);
      folder.write(
        Object.fromEntries(Object.entries(rendered.prometheus).map(([path, text]) => [`${stack}/${path}`, text])),
      );
      run('promtool', ['check', 'config', '--lint=all', '--lint-fatal', join(folder.path, stack, 'prometheus.yml')]);
      run('promtool', [
        'check',
        'rules',
        '--lint=all',
        '--lint-fatal',
        join(folder.path, stack, 'rules/understudy.yml'),
      ]);
    });
  }

  for (const group of groups) {
    for (const rule of group.rules) {
      if (!('alert' in rule) || rule.alert === 'Watchdog') continue;
      test(`${rule.alert} is silent, fires and resolves`, () => {
        tell(rule, `${recordingsOf(group.name)}.yml`, `${group.name}.yml`);
      });
    }
  }

  /** As the supervisor shows an incident that is open all the time: of the service that the alert names, with its policy, or of the bus. */
  function incidentFor({ labels }: RenderedAlert, { fires: [fired] }: Scenario): string {
    const service = fired?.['service'];
    const code = service === undefined ? 'BUS_UNAVAILABLE' : 'UNEXPECTED_ERROR';
    return `understudy_incident_info{service="supervisor",code="${code}",of="${service ?? 'supervisor'}",policy="${labels['policy'] ?? ''}",severity="error"}`;
  }
  const lastingFor = ({ firesAt }: Scenario) => [hold(1, firesAt)];

  for (const group of groups) {
    for (const rule of group.rules) {
      if (!('alert' in rule) || (rule.labels['policy'] ?? rule.labels['symptom']) === undefined) continue;
      test(`${rule.alert} is silent while an incident says the same`, () => {
        const scenario = SCENARIOS[rule.alert as StoriedAlert];
        const series = { ...scenario.series, [incidentFor(rule, scenario)]: lastingFor(scenario) };
        const told: Scenario = { ...scenario, series, quietAt: [scenario.firesAt], fires: [] };
        folder.write({
          [`${rule.alert}.told.yml`]: renderRuleTest(rule, told, [
            `${recordingsOf(group.name)}.yml`,
            `${group.name}.yml`,
          ]),
        });
        run('promtool', ['test', 'rules', join(folder.path, `${rule.alert}.told.yml`)]);
      });
    }
  }

  test('an error is not told anew when its incident is over', () => {
    const alert = groups
      .flatMap(({ rules }) => rules)
      .find((rule) => 'alert' in rule && rule.alert === 'critical_errors');
    assert(alert && 'alert' in alert);
    const series = {
      'understudy_errors_by_severity_total{service="osc-bridge",severity="critical"}': [hold(0, 60), hold(1, 900)],
      'understudy_incident_info{of="osc-bridge",policy="critical_errors",severity="critical"}': [
        gone(60),
        hold(1, 30),
        gone(870),
      ],
    };
    const over: Scenario = {
      series,
      quietAt: [75, 95, 120, 200, 300, 360, 420, 500],
      fires: [],
      firesAt: 600,
      resolvedAt: 700,
    };
    folder.write({
      'over.test.yml': renderRuleTest(alert, over, ['services.yml', 'alerts-user.yml']),
    });
    run('promtool', ['test', 'rules', join(folder.path, 'over.test.yml')]);
  });

  function tell(alert: RenderedAlert, ...ruleFiles: string[]): void {
    const scenario = SCENARIOS[alert.alert as StoriedAlert];
    folder.write({ [`${alert.alert}.test.yml`]: renderRuleTest(alert, scenario, ruleFiles) });
    run('promtool', ['test', 'rules', join(folder.path, `${alert.alert}.test.yml`)]);
  }

  test('Watchdog fires from the start', () => {
    const watchdog = { eval_time: '0s', alertname: 'Watchdog', exp_alerts: [{ exp_labels: { severity: 'none' } }] };
    const group = groups.find(({ name }) => name === 'alerts-watchers');
    const rule = group?.rules.find((candidate) => 'alert' in candidate && candidate.alert === 'Watchdog');
    assert(rule && 'alert' in rule);
    const expected = { ...watchdog.exp_alerts[0], exp_annotations: rule.annotations };
    folder.write({
      'Watchdog.test.yml': JSON.stringify({
        rule_files: ['alerts-watchers.yml'],
        tests: [{ interval: '5s', alert_rule_test: [{ ...watchdog, exp_alerts: [expected] }] }],
      }),
    });
    run('promtool', ['test', 'rules', join(folder.path, 'Watchdog.test.yml')]);
  });

  test('a story that is not true fails', () => {
    const alert = groups.flatMap(({ rules }) => rules).find((rule) => 'alert' in rule && rule.alert === 'NatsDown');
    assert(alert && 'alert' in alert);
    const untrue = { ...SCENARIOS.NatsDown, firesAt: SCENARIOS.NatsDown.resolvedAt + 10 };
    folder.write({
      'untrue.test.yml': renderRuleTest(alert, untrue, ['services.yml', 'alerts-dependencies.yml']),
    });
    assert.throws(() => run('promtool', ['test', 'rules', join(folder.path, 'untrue.test.yml')]), /FAILED/);
  });
});
