import type { Attempt, Incident, ProbeName, ProbeSpec } from '@understudy/shared/contracts';

/** The attempts of the present round. ISO times of one clock compare as text. */
export const roundOf = (incident: Incident): Attempt[] =>
  incident.attempts.filter((attempt) => attempt.startedAt >= incident.currentSince);

export const labelled = (attempts: readonly Attempt[], prefix: string): Attempt[] =>
  attempts.filter((attempt) => attempt.label === prefix || attempt.label.startsWith(`${prefix}:`));

/** What stands behind the colon of a label. */
export const argumentOf = (attempt: Attempt): string => attempt.label.slice(attempt.label.indexOf(':') + 1);

/**
 * How often to look for what is away: each return in vain (a watch saw it work, the return failed) doubles the interval.
 * @param prefix the label of the returns
 */
export function paceOfReturns(attempts: readonly Attempt[], prefix: string, everyMs: number, maxMs: number): number {
  const proved = attempts.findLastIndex((attempt) => attempt.verified && attempt.label.startsWith(`${prefix}:`));
  const inVain = labelled(attempts.slice(proved + 1), 'watch').length;
  return Math.max(everyMs, doubling(everyMs, inVain, maxMs));
}

/** Started before a crash of the supervisor, or by `firstSteps`: the owner answers a repeated id with its first result. */
export const unfinishedAttempt = (incident: Incident): Attempt | undefined =>
  incident.attempts.find((attempt) => attempt.outcome === undefined);

export const probeOf = ({
  probe,
  subject,
}: Readonly<{ probe: ProbeName; subject: string | undefined }>): ProbeSpec => ({
  what: probe,
  ...(subject === undefined ? {} : { subject }),
});

/** The owner has said in this round that this is not configured any more. */
export const foundGone = (incident: Incident, { what, subject }: ProbeSpec): Attempt | undefined =>
  roundOf(incident).find(
    ({ outcome, probe }) =>
      outcome === 'gone' && probe?.subject !== undefined && probe.subject === subject && probe.what === what,
  );

/** Full jitter: anywhere between nothing and the exponential bound, so that many never come back at once. */
export const fullJitter = (initialMs: number, exponent: number, maxMs: number, random: () => number): number =>
  Math.round(random() * Math.min(maxMs, initialMs * 2 ** exponent));

/** Doubles from `initialMs` to `maxMs`, without jitter. */
export const doubling = (initialMs: number, exponent: number, maxMs: number): number =>
  Math.min(maxMs, initialMs * 2 ** Math.min(exponent, 30));
