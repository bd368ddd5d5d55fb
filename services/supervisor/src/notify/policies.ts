import type { Config } from '@understudy/shared/config';
import type { NoticeChannel, Policy } from '@understudy/shared/contracts';

export { isPolicy, policyOf } from '@understudy/shared/contracts';
export type PolicyName = Policy;

export interface PolicySettings {
  readonly enabled: boolean;
  readonly cooldownMs: number;
  readonly channels: readonly NoticeChannel[];
}

/** The user gave `critical_errors` alone a cooldown; the others take the same. */
const DEFAULT_COOLDOWN_S = 300;

/** What meets none of the four is told on the console. */
export function settingsOf(alerts: Config['alerts'], name: PolicyName | undefined): PolicySettings {
  const policy = name && alerts[name];
  const cooldown = policy && 'cooldown' in policy ? policy.cooldown : DEFAULT_COOLDOWN_S;
  return {
    enabled: policy?.enabled ?? true,
    cooldownMs: cooldown * 1000,
    channels: policy?.channels ?? ['console'],
  };
}
