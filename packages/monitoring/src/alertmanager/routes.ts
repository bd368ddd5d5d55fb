import type { Config } from '@understudy/shared/config';
import type { StackFacts } from '../facts.ts';
import { RULE_SEVERITIES, type RuleSeverity } from '../rules/alert.ts';
import { isPeopleReceiver } from './receivers.ts';
import { type MuteName, timeIntervals } from './time-intervals.ts';

export interface Route {
  readonly receiver: string;
  readonly matchers?: readonly string[];
  readonly group_by?: readonly string[];
  readonly group_wait?: string;
  readonly group_interval?: string;
  readonly repeat_interval?: string;
  readonly continue?: boolean;
  readonly mute_time_intervals?: readonly MuteName[];
  readonly routes?: readonly Route[];
}

/** News of a group (one more, or resolved) leave after this time at the latest. */
const GROUP_INTERVAL_SECONDS = 15;

/** What waits: at night all but the critical, on air the warnings. When the time is over they are told, if they still hold. */
const MUTED: Readonly<Record<RuleSeverity, readonly MuteName[]>> = {
  critical: [],
  error: ['quiet-hours'],
  warning: ['quiet-hours', 'on-air'],
};

/** The user's cooldown for critical errors, in place of the usual pause until the same is told again. */
const cooldownRoute = ({ alerts }: Pick<Config, 'alerts'>, receiver: string): Route => ({
  receiver,
  matchers: ['policy="critical_errors"'],
  group_interval: `${Math.min(GROUP_INTERVAL_SECONDS, alerts.critical_errors.cooldown)}s`,
  repeat_interval: `${alerts.critical_errors.cooldown}s`,
});

/** Who is told what, when, and how often. */
export function rootRoute(config: Pick<Config, 'alerts' | 'notifications'>, facts: StackFacts): Route {
  const schedules = timeIntervals(config.notifications).map(({ name }) => name);
  const operatorRoute = (severity: RuleSeverity): Route => {
    const receiver = `operator-${severity}`;
    const muted = MUTED[severity].filter((name) => schedules.includes(name));
    return {
      receiver,
      matchers: [`severity="${severity}"`],
      ...(muted.length > 0 ? { mute_time_intervals: muted } : {}),
      ...(severity === 'critical' ? { routes: [cooldownRoute(config, receiver)] } : {}),
    };
  };
  return {
    receiver: 'nobody',
    group_by: ['incident_id', 'alertname', 'service'],
    // Short, since an incident needs an operator at once; what it explains has a longer `for` than it takes to arrive.
    group_wait: '2s',
    group_interval: `${GROUP_INTERVAL_SECONDS}s`,
    repeat_interval: config.notifications.repeat_interval,
    routes: [
      {
        receiver: facts.receivers.includes('deadman') ? 'deadman' : 'nobody',
        matchers: ['alertname="Watchdog"'],
        group_wait: '1s',
        // Every third time. With a minute for both, the first time would be some milliseconds too early, and the second be taken.
        group_interval: '20s',
        repeat_interval: '59s',
      },
      { receiver: 'everyone', matchers: ['test="true"'], group_by: ['...'], group_wait: '0s' },
      {
        receiver: 'supervisor',
        matchers: ['severity=~".+"'],
        continue: true,
        routes: [cooldownRoute(config, 'supervisor')],
      },
      ...(facts.receivers.some(isPeopleReceiver) ? RULE_SEVERITIES.map(operatorRoute) : []),
    ],
  };
}
