import { randomUUID } from 'node:crypto';
import type { AlertAction, AlertActionRule, Config } from '@understudy/shared/config';
import type { Incident, IncidentStep, RecoveryCommand, SupervisedService } from '@understudy/shared/contracts';
import type { Logger } from '@understudy/shared/telemetry';
import { INCIDENT_LABEL } from '../alertmanager/alert.ts';
import type { Webhook, WebhookAlert } from '../alertmanager/webhook-schema.ts';
import { type PlannedAction, planAction } from './plan-action.ts';

interface Outcome {
  readonly ok: boolean;
  readonly detail: string;
}

/** What the actions may touch. */
export interface ActionHands {
  ask(service: SupervisedService, command: RecoveryCommand): Promise<{ outcome: string; detail: string }>;
  reload(): Promise<Record<string, Outcome>>;
  /** The supervisor's action budget: false when it is spent. */
  takeAction(): boolean;
  append(incidentId: string, steps: readonly IncidentStep[]): Promise<unknown>;
}

export interface AlertActionsOptions extends ActionHands {
  readonly settings: () => Config['alert_actions'];
  readonly commandTimeoutMs: () => number;
  readonly open: () => readonly Incident[];
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly count: (action: AlertAction, result: 'done' | 'failed' | 'refused') => void;
  readonly logger: Pick<Logger, 'info' | 'warning'>;
  readonly onError: (error: unknown) => void;
}

const MAX_DETAIL = 500;

/** Named, allow-listed actions that a firing alert leads to; what is not in the configuration is never done. */
export function createAlertActions(options: AlertActionsOptions) {
  const { settings, now, count, logger } = options;
  const doneAt = new Map<string, number>();

  const ownerOf = (planned: PlannedAction) => (planned.type === 'command' ? planned.command.service : undefined);
  const reasonAgainst = (planned: PlannedAction): string | undefined => {
    if (planned.type === 'impossible') return planned.reason;
    const owner = ownerOf(planned);
    const recovering = options.open().find(({ service, state }) => service === owner && state === 'recovering');
    if (recovering) return `${recovering.code} at ${owner} is being recovered; two hands on one thing help nobody`;
    if (settings().dry_run) return 'alert_actions.dry_run is on: nothing was done';
    return options.takeAction() ? undefined : 'recovery.actions_per_hour is spent; it only watches now';
  };

  const perform = async (planned: PlannedAction): Promise<Outcome> => {
    if (planned.type === 'command') {
      const { service, verb, args } = planned.command;
      const deadlineMs = options.commandTimeoutMs();
      const { outcome, detail } = await options.ask(service, {
        id: randomUUID(),
        service,
        verb,
        args: { ...args },
        deadlineMs,
      });
      return { ok: outcome === 'done', detail: `${verb} at ${service}: ${detail}` };
    }
    const parts = Object.entries(await options.reload());
    return {
      ok: parts.every(([, { ok }]) => ok),
      detail: parts.map(([part, { detail }]) => `${part}: ${detail}`).join('; '),
    };
  };

  /** In the log, in numbers, and in the story of the incident, where the alert is one. */
  const record = async (
    { alert, action }: AlertActionRule,
    { labels }: WebhookAlert,
    result: 'done' | 'failed' | 'refused',
    detail: string,
  ) => {
    count(action, result);
    const id = labels[INCIDENT_LABEL];
    const isOpen = options.open().some((incident) => incident.id === id);
    logger[result === 'done' ? 'info' : 'warning']('Alert action', {
      ...(id !== undefined && isOpen ? { incident_id: id } : {}),
      context: { alert, action, result, detail },
    });
    if (id === undefined || !isOpen) return;
    const told = `${action} ${result}: ${detail}`.slice(0, MAX_DETAIL);
    await options.append(id, [
      { type: 'noticed', at: new Date(now()).toISOString(), channel: 'alert action', detail: told },
    ]);
  };

  const follow = async (rule: AlertActionRule, alert: WebhookAlert): Promise<void> => {
    const planned = planAction(rule, alert.labels['service']);
    const key = `${rule.alert}/${rule.action}/${ownerOf(planned) ?? ''}`;
    const last = doneAt.get(key);
    if (last !== undefined && now() - last < rule.cooldown_s * 1000) return;
    doneAt.set(key, now());
    const reason = reasonAgainst(planned);
    if (reason !== undefined) return record(rule, alert, 'refused', reason);
    const { ok, detail } = await perform(planned);
    return record(rule, alert, ok ? 'done' : 'failed', detail);
  };

  /** Does what the rules say of the alerts that fire; never throws, and nobody waits for it. */
  return function takeWebhook({ alerts }: Pick<Webhook, 'alerts'>): void {
    for (const alert of alerts) {
      if (alert.status !== 'firing') continue;
      const matching = settings().rules.filter((rule) => rule.alert === alert.labels['alertname']);
      for (const rule of matching) void follow(rule, alert).catch(options.onError);
    }
  };
}
