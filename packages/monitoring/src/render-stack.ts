import type { ResolvedConfig } from '@understudy/shared/config';
import { NOTICE_TEMPLATE } from './alertmanager/notice-template.ts';
import { receiverProblems } from './alertmanager/receivers.ts';
import { renderAlertmanagerConfig } from './alertmanager/render-alertmanager-config.ts';
import { timeZoneProblems } from './alertmanager/time-intervals.ts';
import { COMPOSE_FACTS, type StackFacts } from './facts.ts';
import { partsOf } from './parts.ts';
import { renderPrometheusConfig } from './prometheus/render-prometheus-config.ts';
import { renderTargets } from './prometheus/render-targets.ts';
import { renderGroups, ruleGroups } from './rules/render-rules.ts';

/** Files by path, below the folder that the program reads. */
type Files = Readonly<Record<string, string>>;

export type RenderedStack =
  | { readonly ok: true; readonly prometheus: Files; readonly alertmanager: Files }
  /** Whole sentences, each with its remedy. */
  | { readonly ok: false; readonly problems: readonly string[] };

export type RenderFacts = Pick<StackFacts, 'stack' | 'receivers'> & Partial<StackFacts>;

/**
 * Everything that Prometheus and Alertmanager read. `setup` writes it at each `up`, the supervisor at a reload: the facts lie beside
 * Alertmanager's configuration, so that the supervisor need not see a secret to know whose there are.
 * @param given addresses and folders are Compose's, where they are left out
 */
export function renderStack(config: ResolvedConfig, given: RenderFacts): RenderedStack {
  const facts: StackFacts = { ...COMPOSE_FACTS, hostExporters: [...COMPOSE_FACTS.hostExporters], ...given };
  const problems = [...receiverProblems(facts, config.notifications), ...timeZoneProblems(config.notifications)];
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    prometheus: {
      'prometheus.yml': renderPrometheusConfig(facts),
      'rules/understudy.yml': renderGroups(ruleGroups(config, partsOf(facts.stack))),
      'targets/services.json': renderTargets(config),
    },
    alertmanager: {
      'alertmanager.yml': renderAlertmanagerConfig(config, facts),
      'templates/understudy.tmpl': NOTICE_TEMPLATE,
      'facts.json': `${JSON.stringify(facts, null, 2)}\n`,
    },
  };
}
