import type { IncidentRecord } from '@understudy/shared/contracts';
import type { RecordLog } from '../record/incident-store.ts';

/** The incident stream without a server. */
export function createMemoryLog(records: IncidentRecord[] = []): RecordLog & { readonly records: IncidentRecord[] } {
  return {
    records,
    append: async (record) => void records.push(structuredClone(record)),
    readRecords: async () => structuredClone(records),
  };
}
