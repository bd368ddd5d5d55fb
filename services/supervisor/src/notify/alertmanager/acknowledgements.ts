import type { Incident } from '@understudy/shared/contracts';
import { INCIDENT_LABEL } from './alert.ts';
import type { AlertmanagerClient } from './alertmanager-client.ts';

export interface AcknowledgementOptions {
  readonly client: Pick<AlertmanagerClient, 'silences' | 'silence' | 'expire'>;
  readonly open: () => readonly Incident[];
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const AUTHOR = 'understudy';
/** An incident that was acknowledged a week ago may be told again. */
const SILENT_FOR_MS = 7 * 86_400_000;

/** Who acknowledged an incident is not told again while it goes on: a silence of Alertmanager for each, lifted before its end is told. */
export function createAcknowledgements({ client, open, now }: AcknowledgementOptions) {
  const silenceByIncident = new Map<string, string>();

  const silence = async (incident: Incident) => {
    const id = await client.silence({
      matchers: [{ name: INCIDENT_LABEL, value: incident.id, isRegex: false, isEqual: true }],
      startsAt: new Date(now()).toISOString(),
      endsAt: new Date(now() + SILENT_FOR_MS).toISOString(),
      createdBy: AUTHOR,
      comment: `${incident.code} was acknowledged (understudy acknowledge)`,
    });
    silenceByIncident.set(incident.id, id);
  };
  const lift = async (incidentId: string, silenceId: string) => {
    await client.expire(silenceId);
    silenceByIncident.delete(incidentId);
  };

  return {
    /** Learns what Alertmanager holds: silences outlive both programs. */
    async takeOver(): Promise<void> {
      silenceByIncident.clear();
      for (const { id, createdBy, status, matchers } of await client.silences()) {
        const incidentId = matchers.find(({ name }) => name === INCIDENT_LABEL)?.value;
        if (createdBy === AUTHOR && status.state === 'active' && incidentId) silenceByIncident.set(incidentId, id);
      }
    },
    /** Silences what is acknowledged, lifts the rest. */
    async sync(): Promise<void> {
      const acknowledged = open().filter((incident) => incident.acknowledged);
      for (const incident of acknowledged) if (!silenceByIncident.has(incident.id)) await silence(incident);
      for (const [incidentId, silenceId] of silenceByIncident) {
        if (!acknowledged.some(({ id }) => id === incidentId)) await lift(incidentId, silenceId);
      }
    },
  };
}
