import type { ResolvedConfig } from '@understudy/shared/config';
import { stringify } from 'yaml';
import type { StackFacts } from '../facts.ts';
import { RULE_SEVERITIES } from '../rules/alert.ts';
import { INHIBIT_RULES } from './inhibitions.ts';
import {
  deadmanReceiver,
  everyone,
  isPeopleReceiver,
  NOBODY,
  operatorReceiver,
  type Receiver,
  supervisorReceiver,
} from './receivers.ts';
import { rootRoute } from './routes.ts';
import { timeIntervals } from './time-intervals.ts';

function receivers({ hosts, http, notifications }: AlertmanagerSource, facts: StackFacts): Receiver[] {
  const supervisorUrl = `http://${hosts.supervisor}:${http.ports.supervisor}`;
  return [
    NOBODY,
    supervisorReceiver(facts, supervisorUrl),
    everyone(facts, notifications, supervisorUrl),
    ...(facts.receivers.some(isPeopleReceiver)
      ? RULE_SEVERITIES.map((severity) => operatorReceiver(facts, notifications, severity))
      : []),
    ...(facts.receivers.includes('deadman') ? [deadmanReceiver(facts)] : []),
  ];
}

export type AlertmanagerSource = Pick<ResolvedConfig, 'alerts' | 'notifications' | 'hosts' | 'http'>;

/** Alertmanager's configuration. Secrets are named by file, never written out. */
export function renderAlertmanagerConfig(config: AlertmanagerSource, facts: StackFacts): string {
  const intervals = timeIntervals(config.notifications);
  return stringify(
    {
      templates: ['templates/*.tmpl'],
      route: rootRoute(config, facts),
      inhibit_rules: INHIBIT_RULES,
      ...(intervals.length > 0 ? { time_intervals: intervals } : {}),
      receivers: receivers(config, facts),
    },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}
