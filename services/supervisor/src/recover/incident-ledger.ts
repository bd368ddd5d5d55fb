import type { Incident, IncidentStep } from '@understudy/shared/contracts';

/** What recoveries need of the record: read an incident, add steps to it. */
export interface IncidentLedger {
  get(id: string): Incident | undefined;
  open(): Incident[];
  append(id: string, steps: readonly IncidentStep[]): Promise<Incident>;
}
