import type { ExplainedBy } from './alert.ts';

/** What a rule still sees of an incident after its end (a scrape, an evaluation, `for`) has passed after this time. */
const AFTERMATH_SECONDS = 120;
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** The longest window of an expression in seconds: for so long it remembers. */
export const memoryOf = (expr: string): number =>
  Math.max(
    0,
    ...[...expr.matchAll(/\[(\d+)([smhd])\]/g)].map(([, count, unit = 's']) => Number(count) * (UNITS[unit] ?? 1)),
  );

/** Incidents that are open, or were within these seconds; those below a warning are told to nobody. */
const incidents = (labels: string, seconds: number): string =>
  `last_over_time(understudy_incident_info{${labels},severity=~"critical|error|warning"}[${seconds}s])`;
const any = (series: string): string => `(count(${series}) > 0)`;

/**
 * The expression, silent while an incident says the same, and while what it remembers is that incident. Alertmanager's inhibition
 * alone would let the rule be told at the moment at which the incident is resolved. Without the supervisor there is no such series,
 * and the rule speaks.
 */
export function unlessTold(expr: string, explainedBy: ExplainedBy): string {
  const seconds = memoryOf(expr) + AFTERMATH_SECONDS;
  switch (explainedBy.type) {
    case 'nothing':
      return expr;
    case 'policy':
      return `(${expr}) unless on () ${any(incidents(`policy="${explainedBy.policy}"`, seconds))}`;
    case 'incident': {
      const ofService = `label_replace(${incidents('of!=""', seconds)}, "service", "$1", "of", "(.+)")`;
      return `(${expr}) unless on (service) ${ofService} unless on () ${any(incidents('code="BUS_UNAVAILABLE"', seconds))}`;
    }
  }
}
