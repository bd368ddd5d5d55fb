import { isDeepStrictEqual } from 'node:util';
import type { Incident } from '@understudy/shared/contracts';
import { isWorthTelling } from '../notice.ts';
import { type Alert, INCIDENT_LABEL, identityOf } from './alert.ts';

/** What Alertmanager was given last. */
export interface Posted {
  readonly alert: Alert;
  /** Epoch milliseconds; `NEVER` where it must be given (again). */
  readonly at: number;
  readonly ended: boolean;
}
export const NEVER = Number.NEGATIVE_INFINITY;

export interface PostSources {
  readonly open: readonly Incident[];
  readonly find: (incidentId: string) => Incident | undefined;
  /** Is the policy that the incident meets switched on? */
  readonly isEnabled: (incident: Incident) => boolean;
  readonly describe: (incident: Incident) => Omit<Alert, 'endsAt'>;
  readonly now: number;
}

const DAY_MS = 86_400_000;
/** An alert that merely timed out would announce a healing that nobody saw; refreshed long before. */
const REFRESH_MS = 300_000;
/** A recovery that is proved within it is no news; what waits for a person, or is critical, does not wait. */
export const HOLD_MS = 5000;
/** New words of an alert that is known already are no news either: attempts of a fast recovery are posted together. */
const SETTLE_MS = 2000;

const isUrgent = ({ needsOperator, severity }: Incident): boolean => needsOperator || severity === 'CRITICAL';

/** From when on an incident is told. */
export const toldFrom = (incident: Incident): number =>
  Date.parse(incident.currentSince) + (isUrgent(incident) ? 0 : HOLD_MS);

export const isTellable = (incident: Incident, isEnabled: PostSources['isEnabled']): boolean =>
  isWorthTelling(incident) && isEnabled(incident);

const iso = (ms: number): string => new Date(ms).toISOString();
const incidentIdOf = ({ alert }: Posted): string => alert.labels[INCIDENT_LABEL] ?? '';

function postOf(described: Omit<Alert, 'endsAt'>, known: Posted | undefined, now: number): Posted[] {
  const goesOn = known && !known.ended ? known : undefined;
  const alert: Alert = {
    ...described,
    startsAt: goesOn?.alert.startsAt ?? described.startsAt,
    endsAt: iso(now + DAY_MS),
  };
  const post: Posted = { alert, at: now, ended: false };
  if (!goesOn) return [post];
  const age = now - goesOn.at;
  const isChanged = !isDeepStrictEqual(alert.annotations, goesOn.alert.annotations);
  return age >= REFRESH_MS || (isChanged && age >= SETTLE_MS) ? [post] : [];
}

/** When it really ended: an incident at its resolution, anything else (a risen severity, a policy that was switched off) now. */
function endOf(posted: Posted, { find, describe, now }: PostSources): Posted {
  const incident = find(incidentIdOf(posted));
  const resolvedMs = incident?.resolvedAt === undefined ? now : Date.parse(incident.resolvedAt);
  const endsAt = iso(Math.max(Math.min(resolvedMs, now), Date.parse(posted.alert.startsAt)));
  const annotations = incident ? describe(incident).annotations : posted.alert.annotations;
  return { alert: { ...posted.alert, annotations, endsAt }, at: now, ended: true };
}

/**
 * Pure: what Alertmanager must be given so that it knows what is open and what has ended. Nothing when it knows.
 * @param posted by `identityOf` of the alert
 */
export function planPosts(posted: ReadonlyMap<string, Posted>, sources: PostSources): Posted[] {
  const { now } = sources;
  const known = new Set([...posted.values()].filter(({ ended }) => !ended).map(incidentIdOf));
  const isDue = (incident: Incident) => known.has(incident.id) || now >= toldFrom(incident);
  const wanted = new Map(
    sources.open
      .filter((incident) => isTellable(incident, sources.isEnabled) && isDue(incident))
      .map((incident) => sources.describe(incident))
      .map((alert) => [identityOf(alert), alert]),
  );
  const ends = [...posted].flatMap(([key, entry]) => {
    if (wanted.has(key)) return [];
    if (!entry.ended) return [endOf(entry, sources)];
    return entry.at === NEVER ? [{ ...entry, at: now }] : [];
  });
  const begins = [...wanted].flatMap(([key, alert]) => postOf(alert, posted.get(key), now));
  return [...ends, ...begins];
}
