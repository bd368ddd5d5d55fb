import type { AlertName } from '../alert-table.ts';
import { DEPENDENCY_SCENARIOS } from './dependency-scenarios.ts';
import { OBJECTIVE_SCENARIOS } from './objective-scenarios.ts';
import type { Scenario } from './scenario.ts';
import { SERVICE_SCENARIOS } from './service-scenarios.ts';
import { USER_SCENARIOS } from './user-scenarios.ts';
import { WATCHER_SCENARIOS } from './watcher-scenarios.ts';

/** Watchdog fires always: it can neither be silent nor resolve. */
export type StoriedAlert = Exclude<AlertName, 'Watchdog'>;

/** The story of every alert; one without does not compile. */
export const SCENARIOS: Readonly<Record<StoriedAlert, Scenario>> = {
  ...USER_SCENARIOS,
  ...SERVICE_SCENARIOS,
  ...DEPENDENCY_SCENARIOS,
  ...WATCHER_SCENARIOS,
  ...OBJECTIVE_SCENARIOS,
};
