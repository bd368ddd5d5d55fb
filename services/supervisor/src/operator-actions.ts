import { randomUUID } from 'node:crypto';
import {
  type Incident,
  kvKeys,
  type RecoveryCommand,
  SERVICE_NAMES,
  SUPERVISED_SERVICES,
  type SupervisedService,
  type Verb,
} from '@understudy/shared/contracts';
import type { CommandAnswer, Hub } from '@understudy/shared/messaging';
import type { ProbeResult } from '@understudy/shared/service';
import type { IncidentStore } from './record/incident-store.ts';
import type { RecoveryExecutor } from './recover/recovery-executor.ts';

const COMMAND_TIMEOUT_MS = 4000;

/** What an operator can ask for by hand. */
export interface OperatorActions {
  resume(service: SupervisedService): Promise<ProbeResult>;
  reload(): Promise<Record<string, ProbeResult>>;
  /** @returns false when there is no such open incident */
  acknowledge(incidentId: string): Promise<boolean>;
}

export interface ActionSources {
  readonly hub: Pick<Hub, 'request' | 'deleteKey'>;
  readonly store: Pick<IncidentStore, 'open' | 'get' | 'append'>;
  readonly executor: () => Pick<RecoveryExecutor, 'wake'>;
  readonly reloadSelf: () => ProbeResult;
  readonly now: () => number;
}

const outcomeOf = (answer: CommandAnswer): ProbeResult => ({ ok: answer.outcome === 'done', detail: answer.detail });

export function operatorActions({ hub, store, executor, reloadSelf, now }: ActionSources): OperatorActions {
  const ask = async (service: SupervisedService, verb: Verb & string): Promise<ProbeResult> => {
    const command: RecoveryCommand = { id: randomUUID(), service, verb, args: {}, deadlineMs: COMMAND_TIMEOUT_MS };
    return outcomeOf(await hub.request(service, command));
  };
  const at = () => new Date(now()).toISOString();
  const parkedOf = (service: SupervisedService): Incident[] =>
    store.open().filter((incident) => incident.parked && incident.service === service);
  return {
    async resume(service) {
      await hub.deleteKey(kvKeys.parked(service));
      const outcome = await ask(service, 'resume');
      for (const { id } of parkedOf(service)) await store.append(id, [{ type: 'resumed', at: at(), by: 'operator' }]);
      executor().wake({ service });
      return outcome;
    },
    async reload() {
      // First, so that of a wrong line, which all will find, this incident is the one that the others join.
      const supervisor = reloadSelf();
      const services = await Promise.all(
        SUPERVISED_SERVICES.map(async (service) => [service, await ask(service, 'reload')] as const),
      );
      for (const service of SERVICE_NAMES) executor().wake({ service });
      return { supervisor, ...Object.fromEntries(services) };
    },
    async acknowledge(id) {
      const incident = store.get(id);
      if (!incident || incident.state === 'resolved') return false;
      await store.append(id, [{ type: 'acknowledged', at: at(), by: 'operator' }]);
      return true;
    },
  };
}
