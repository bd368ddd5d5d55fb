import type { AlertRule } from './alert.ts';
import { DEPENDENCY_ALERTS } from './alerts/dependency-alerts.ts';
import { OBJECTIVE_ALERTS } from './alerts/objective-alerts.ts';
import { SERVICE_ALERTS } from './alerts/service-alerts.ts';
import { USER_ALERTS } from './alerts/user-alerts.ts';
import { WATCHER_ALERTS } from './alerts/watcher-alerts.ts';

/** Every alert that Prometheus can raise, by group. What the supervisor sees comes as incidents, which are no rules. */
export const ALERT_GROUPS = {
  user: USER_ALERTS,
  services: SERVICE_ALERTS,
  dependencies: DEPENDENCY_ALERTS,
  watchers: WATCHER_ALERTS,
  objectives: OBJECTIVE_ALERTS,
} as const satisfies Readonly<Record<string, Readonly<Record<string, AlertRule>>>>;

type Groups = typeof ALERT_GROUPS;
export type AlertName = { [G in keyof Groups]: keyof Groups[G] }[keyof Groups];

export const ALERTS: Readonly<Record<AlertName, AlertRule>> = {
  ...USER_ALERTS,
  ...SERVICE_ALERTS,
  ...DEPENDENCY_ALERTS,
  ...WATCHER_ALERTS,
  ...OBJECTIVE_ALERTS,
};
export const ALERT_NAMES = Object.keys(ALERTS) as readonly AlertName[];
