import type { AlertAction, AlertActionRule } from '@understudy/shared/config';
import { type CommandSpec, SUPERVISED_SERVICES, type SupervisedService } from '@understudy/shared/contracts';

export type PlannedAction =
  | { readonly type: 'command'; readonly command: CommandSpec }
  | { readonly type: 'reload' }
  | { readonly type: 'impossible'; readonly reason: string };

type Plan = (service: SupervisedService | undefined) => PlannedAction;

const always =
  (command: CommandSpec): Plan =>
  () => ({ type: 'command', command });
const of =
  (commandOf: (service: SupervisedService) => CommandSpec): Plan =>
  (service) =>
    service
      ? { type: 'command', command: commandOf(service) }
      : {
          type: 'impossible',
          reason: 'the alert names no service; set `service` in its rule under alert_actions.rules',
        };

/** Every action, once: the verb of the owner that does it. */
const PLANS: Record<AlertAction, Plan> = {
  clear_cache: always({ service: 'llm-service', verb: 'clear-cache', args: {} }),
  reconnect_vrchat: always({ service: 'osc-bridge', verb: 'reconnect', args: {} }),
  release_inputs: always({ service: 'osc-bridge', verb: 'release-inputs', args: {} }),
  reconnect_camera: always({ service: 'cv-service', verb: 'reconnect', args: {} }),
  restart_vision: always({ service: 'cv-service', verb: 'restart-child', args: {} }),
  shed_caches: of((service) => ({ service, verb: 'shed', args: { what: 'caches' } })),
  shed_features: of((service) => ({ service, verb: 'shed', args: { what: 'features' } })),
  restore_features: of((service) => ({ service, verb: 'restore', args: {} })),
  recycle: of((service) => ({ service, verb: 'recycle', args: {} })),
  reload: () => ({ type: 'reload' }),
};

/** Pure: what a rule means for an alert. @param label the service that the alert names */
export function planAction(
  rule: Pick<AlertActionRule, 'action' | 'service'>,
  label: string | undefined,
): PlannedAction {
  const service = rule.service ?? SUPERVISED_SERVICES.find((name) => name === label);
  return PLANS[rule.action](service);
}
