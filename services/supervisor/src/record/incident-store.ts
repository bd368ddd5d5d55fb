import { randomUUID } from 'node:crypto';
import type { Incident, IncidentRecord, IncidentStep } from '@understudy/shared/contracts';
import { INCIDENT_RETENTION_MS } from '@understudy/shared/messaging';
import { createSeenIds } from '../intake/seen-ids.ts';
import { foldIncident } from './fold-incident.ts';
import { createHistoryIndex } from './history-index.ts';

/** Where records are kept; the hub's stream. */
export interface RecordLog {
  append(record: IncidentRecord): Promise<void>;
  readRecords(): Promise<IncidentRecord[]>;
}

export type StepListener = (incident: Incident, step: IncidentStep) => void;

/** Resolved incidents that stay in memory; older ones are in the stream. */
const KEPT_RESOLVED = 1000;
/** Steps of one incident that stay in memory: the first ones tell how it began, the last ones how it goes. */
const KEPT_STEPS = { first: 100, all: 1000 } as const;
/** A record comes twice only where the stream's end and what waited on disk overlap. */
const REMEMBERED_RECORDS = 200_000;
/** An open incident is written again as a whole before its opening expires. */
const SNAPSHOT_AFTER_MS = INCIDENT_RETENTION_MS * 0.8;

const isOver = ({ state }: Incident): number => Number(state === 'resolved');

/** What is open first, then by when it last began. */
const newestFirst = (a: Incident, b: Incident): number =>
  isOver(a) - isOver(b) || b.currentSince.localeCompare(a.currentSince);

/**
 * The projection of the incident stream, and the only way to write to it.
 * @param phrase puts what the operator reads into the commands of this mode
 */
export function createIncidentStore(log: RecordLog, now: () => number, phrase = (text: string) => text) {
  const incidents = new Map<string, Incident>();
  /** The few among them that are not resolved: they are asked for at every step. */
  const unresolved = new Map<string, Incident>();
  const steps = new Map<string, IncidentStep[]>();
  const seenRecords = createSeenIds(REMEMBERED_RECORDS);
  const listeners = new Set<StepListener>();
  const index = createHistoryIndex();

  const remember = (id: string, added: readonly IncidentStep[]) => {
    const kept = steps.get(id) ?? [];
    kept.push(...added);
    if (kept.length > KEPT_STEPS.all) kept.splice(KEPT_STEPS.first, kept.length - KEPT_STEPS.all);
    steps.set(id, kept);
  };
  const take = (record: IncidentRecord): Incident | undefined => {
    if (!seenRecords.add(record.id)) return incidents.get(record.incidentId);
    const folded = foldIncident(incidents.get(record.incidentId), record.steps);
    if (!folded) return undefined;
    const incident = { ...folded, summary: phrase(folded.summary), remedy: phrase(folded.remedy) };
    incidents.delete(incident.id);
    incidents.set(incident.id, incident);
    unresolved.delete(incident.id);
    if (incident.state !== 'resolved') unresolved.set(incident.id, incident);
    remember(incident.id, record.steps);
    index.update(incident);
    return incident;
  };
  const forgetOldest = () => {
    const resolved = [...incidents.values()].filter(({ state }) => state === 'resolved');
    for (const incident of resolved.slice(0, Math.max(0, resolved.length - KEPT_RESOLVED))) {
      incidents.delete(incident.id);
      steps.delete(incident.id);
      index.forget(incident);
    }
  };

  const open = (): Incident[] => [...unresolved.values()];

  const append = async (incidentId: string, added: readonly IncidentStep[]): Promise<Incident> => {
    const record: IncidentRecord = { id: randomUUID(), incidentId, steps: [...added] };
    const incident = take(record);
    if (!incident) throw new Error(`incident ${incidentId} is unknown: its first step must be "opened"`);
    await log.append(record);
    for (const step of added) for (const listener of listeners) listener(incident, step);
    if (incident.state === 'resolved') forgetOldest();
    return incident;
  };

  return {
    history: index.history,
    noteOccurrence: index.noteOccurrence,
    /** Rebuilds the projection; what this process recorded before NATS came is kept. */
    async load() {
      for (const record of await log.readRecords()) take(record);
      forgetOldest();
    },
    /** Projects at once, then awaits the stream. */
    append,
    get: (id: string) => incidents.get(id),
    stepsOf: (id: string): readonly IncidentStep[] => steps.get(id) ?? [],
    list: (): Incident[] => [...incidents.values()].sort(newestFirst),
    open,
    findByError: (errorId: string) =>
      [...incidents.values()].filter(({ errorIds }) => errorIds.includes(errorId)).sort(newestFirst),
    onStep(listener: StepListener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** Call it daily. */
    async snapshotOld() {
      const isOld = ({ openedAt }: Incident) => now() - Date.parse(openedAt) >= SNAPSHOT_AFTER_MS;
      for (const incident of open().filter(isOld)) {
        await append(incident.id, [{ type: 'snapshot', at: new Date(now()).toISOString(), incident }]);
      }
    },
  };
}
export type IncidentStore = ReturnType<typeof createIncidentStore>;
