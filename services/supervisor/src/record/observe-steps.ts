import type { Attempt, Incident, IncidentStep } from '@understudy/shared/contracts';
import type { Logger, Metrics } from '@understudy/shared/telemetry';
import { tellStep } from './incident-story.ts';

const secondsBetween = (from: string, to: string): number => Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);

/** `unverified`: the owner did it, and the probe says that it does not help, or that what should be helped is gone. */
function resultOf({ verified, outcome = 'failed' }: Attempt) {
  if (verified) return 'verified';
  if (outcome === 'gone') return 'unverified';
  return verified === false && outcome === 'done' ? 'unverified' : outcome;
}

/** One that came back after it was resolved counts from there. */
const brokeAt = ({ regressed, currentSince, openedAt }: Incident): string => (regressed ? currentSince : openedAt);

/** Policies emit, observers log and count: every step once, in words and in numbers. */
export function observeSteps(logger: Logger, metrics: Metrics) {
  return (incident: Incident, step: IncidentStep): void => {
    const { strategy, code, category } = incident;
    const method = step.type === 'resolved' || step.type.startsWith('attempt') ? 'info' : 'warning';
    logger[method](tellStep(step), {
      error_code: code,
      incident_id: incident.id,
      context: { step: step.type, state: incident.state, service: incident.service },
    });
    switch (step.type) {
      case 'opened':
        metrics.inc('understudy_incidents_opened_total', { category, code });
        break;
      case 'attempt_finished':
        metrics.inc('understudy_recovery_attempts_total', { strategy, result: resultOf(step.attempt) });
        if (incident.verifiedAt === step.at) {
          const seconds = secondsBetween(incident.currentSince, step.at);
          metrics.observe('understudy_recovery_duration_seconds', { strategy }, seconds);
        }
        break;
      case 'degraded':
        metrics.inc('understudy_recoveries_total', { strategy, outcome: 'degraded' });
        break;
      case 'resolved':
        metrics.inc('understudy_recoveries_total', { strategy, outcome: step.gone ? 'gone' : 'recovered' });
        // It ended by the operator's hand: that says nothing of how fast things recover.
        if (step.gone) break;
        metrics.observe('understudy_incident_duration_seconds', {}, secondsBetween(brokeAt(incident), step.at));
        break;
      default:
    }
  };
}
