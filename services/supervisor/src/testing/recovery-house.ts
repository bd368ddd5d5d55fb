import type { ErrorEvent, Incident, IncidentStep, Parked, SupervisedService } from '@understudy/shared/contracts';
import { createFakeClock } from '@understudy/shared/testing';
import { createIncidentStore, type IncidentStore } from '../record/incident-store.ts';
import { tellStep } from '../record/incident-story.ts';
import type { Cause } from '../recover/causes.ts';
import { createRecoveryExecutor, type RecoveryExecutor } from '../recover/recovery-executor.ts';
import { T0 } from './error-events.ts';
import { createFakeOwners, type FakeOwners, tellCommand } from './fake-owners.ts';
import { openIncident } from './incidents.ts';
import { createMemoryLog } from './memory-log.ts';
import { POLICY } from './policies.ts';

export interface RecoveryHouse {
  readonly clock: ReturnType<typeof createFakeClock>;
  readonly log: ReturnType<typeof createMemoryLog>;
  readonly store: IncidentStore;
  readonly owners: FakeOwners;
  readonly executor: RecoveryExecutor;
  readonly parked: { service: SupervisedService; parked: Parked }[];
  readonly stillFailing: Cause[];
  readonly defects: unknown[];
  /** Opens the incident as the pipeline does: opening, decision and first attempt in one record, then the recovery. */
  open(code: string, own?: Partial<ErrorEvent>): Promise<Incident>;
  incident(id: string): Incident;
  /** What happened to it, without what differs from run to run. */
  story(id: string): string[];
  /** What was really done, probes left out. */
  commands(): string[];
}

export interface HouseOptions {
  readonly log?: ReturnType<typeof createMemoryLog>;
  readonly owners?: FakeOwners;
  readonly clock?: ReturnType<typeof createFakeClock>;
  readonly policy?: Partial<typeof POLICY>;
  readonly park?: (service: SupervisedService, parked: Parked) => Promise<void>;
}

const shortStory = (step: IncidentStep): string => {
  if (step.type === 'attempt_started') return `started ${step.attempt.label}`;
  if (step.type === 'attempt_finished')
    return `${step.attempt.label} ${step.attempt.verified ? 'verified' : (step.attempt.outcome ?? '')}`;
  if (step.type === 'degraded') return `degraded ${step.by}`;
  return step.type === 'decided' ? `decided ${step.strategy}` : step.type;
};

/** The real store and executor with a fake clock and fake owners: recoveries without a network. */
export function createRecoveryHouse(options: HouseOptions = {}): RecoveryHouse {
  const clock = options.clock ?? createFakeClock(T0);
  const log = options.log ?? createMemoryLog();
  const store = createIncidentStore(log, clock.now);
  const owners = options.owners ?? createFakeOwners();
  const parked: RecoveryHouse['parked'] = [];
  const stillFailing: Cause[] = [];
  const defects: unknown[] = [];
  const executor = createRecoveryExecutor({
    ledger: store,
    owners,
    policy: () => ({ ...POLICY, ...options.policy }),
    clock,
    random: () => 0.5,
    park: options.park ?? (async (service, facts) => void parked.push({ service, parked: facts })),
    stillFails: (cause) => void stillFailing.push(cause),
    inTrace: (_incident, _name, work) => work(),
    onError: (error) => void defects.push(error),
  });
  const incidentOf = (id: string): Incident => {
    const incident = store.get(id);
    if (!incident) throw new Error(`no incident ${id}`);
    return incident;
  };
  return {
    clock,
    log,
    store,
    owners,
    executor,
    parked,
    stillFailing,
    defects,
    async open(code, own = {}) {
      const incident = openIncident(code, own, clock.now());
      const at = incident.openedAt;
      const [errorId = ''] = incident.errorIds;
      const first = executor.firstSteps(incident);
      await store.append(incident.id, [{ type: 'opened', at, incident, errorId }, ...first]);
      executor.start(incident.id);
      return incidentOf(incident.id);
    },
    incident: incidentOf,
    story: (id) => store.stepsOf(id).map(shortStory),
    commands: () => owners.done.filter(({ verb }) => verb !== 'probe').map(tellCommand),
  };
}

export const wholeStory = (store: IncidentStore, id: string): string[] => store.stepsOf(id).map(tellStep);
