import {
  type Capability,
  type ErrorEvent,
  fingerprintOf,
  type Incident,
  type ServiceName,
} from '@understudy/shared/contracts';
import { RECURRENCE } from '../classify/classify-error.ts';
import type { History, IncidentSummary } from '../classify/history.ts';
import { causesOf } from '../recover/causes.ts';

/** Fingerprints whose recurrence is counted; the least recent ones are forgotten. */
const KEPT_FINGERPRINTS = 5000;

export const summarise = (incident: Incident): IncidentSummary => ({
  id: incident.id,
  code: incident.code,
  category: incident.category,
  service: incident.service,
  severity: incident.severity,
  strategy: incident.strategy,
  state: incident.state,
  fingerprint: incident.fingerprint,
  capability: incident.capability,
  needsOperator: incident.needsOperator,
  proved: new Set(
    causesOf(incident)
      .filter(({ over }) => over)
      .map(({ fingerprint }) => fingerprint),
  ),
  parkedUntilMs:
    incident.parked && incident.nextAttemptAt !== undefined ? Date.parse(incident.nextAttemptAt) : undefined,
  resolvedAtMs: incident.resolvedAt === undefined ? undefined : Date.parse(incident.resolvedAt),
});

/** The projection that classify and decide read; kept up to date incident by incident. */
export function createHistoryIndex() {
  const open = new Map<string, { readonly incident: Incident; readonly summary: IncidentSummary }>();
  const openByFingerprint = new Map<string, IncidentSummary>();
  const openByCapability = new Map<Capability, IncidentSummary>();
  const openByService = new Map<ServiceName, IncidentSummary[]>();
  const resolvedByFingerprint = new Map<string, IncidentSummary>();
  const occurrences = new Map<string, readonly number[]>();

  /** Few are open at a time; what a symptom's root covered for a while falls back to its own incident. */
  const rebuild = () => {
    for (const map of [openByFingerprint, openByCapability, openByService]) map.clear();
    const all = [...open.values()];
    for (const { incident, summary } of all) {
      for (const { fingerprint, capability } of incident.members) {
        openByFingerprint.set(fingerprint, summary);
        if (capability) openByCapability.set(capability, summary);
      }
    }
    for (const { incident, summary } of all) {
      openByFingerprint.set(incident.fingerprint, summary);
      if (incident.capability) openByCapability.set(incident.capability, summary);
      openByService.set(incident.service, [...(openByService.get(incident.service) ?? []), summary]);
    }
  };

  return {
    history: {
      openByFingerprint,
      openByCapability,
      openByService,
      resolvedByFingerprint,
      occurrences,
    } satisfies History,
    noteOccurrence(event: Pick<ErrorEvent, 'service' | 'code' | 'subject'>, now: number) {
      const fingerprint = fingerprintOf(event);
      const recent = (occurrences.get(fingerprint) ?? []).filter((at) => now - at < RECURRENCE.withinMs);
      occurrences.delete(fingerprint);
      occurrences.set(fingerprint, [...recent.slice(-(RECURRENCE.times - 1)), now]);
      const [oldest] = occurrences.size > KEPT_FINGERPRINTS ? occurrences.keys() : [];
      if (oldest !== undefined) occurrences.delete(oldest);
    },
    update(incident: Incident) {
      const summary = summarise(incident);
      open.delete(incident.id);
      if (incident.state === 'resolved') resolvedByFingerprint.set(incident.fingerprint, summary);
      else open.set(incident.id, { incident, summary });
      rebuild();
    },
    /** A resolved one that is no longer kept. */
    forget({ id, fingerprint }: Pick<Incident, 'id' | 'fingerprint'>) {
      if (resolvedByFingerprint.get(fingerprint)?.id === id) resolvedByFingerprint.delete(fingerprint);
    },
  };
}
