import type { Attempt, IncidentStep } from '@understudy/shared/contracts';

const probeOf = (attempt: Attempt): string => {
  if (!attempt.probe) return '';
  const proof = `probe ${attempt.probe.what}${attempt.probe.subject ? ` ${attempt.probe.subject}` : ''}`;
  if (attempt.verified === undefined) return `, to be proved by ${proof}`;
  return attempt.verified ? `, proved by ${proof}` : `, not proved by ${proof}`;
};
const commandsOf = (attempt: Attempt): string =>
  attempt.commands.map(({ service, verb }) => `${verb} at ${service}`).join(', ') || 'a look';

/** One step in words that need no knowledge of the code. */
export function tellStep(step: IncidentStep): string {
  switch (step.type) {
    case 'opened':
      return `Detected ${step.incident.code} (${step.incident.severity}): ${step.incident.summary}`;
    case 'occurred':
      return 'The same failure was reported again';
    case 'joined':
      return `${step.code} joined, another cause for the same${step.summary ? `: ${step.summary}` : ''}`;
    case 'decided':
      return `Decided: ${step.strategy}, because ${step.reason}`;
    case 'attempt_started':
      return `Attempt ${step.attempt.attempt} (${step.attempt.label}): ${commandsOf(step.attempt)}${probeOf(step.attempt)}`;
    case 'attempt_finished':
      return `Attempt ${step.attempt.attempt} (${step.attempt.label}) ${step.attempt.outcome ?? 'ended'}${probeOf(step.attempt)}: ${step.attempt.detail ?? ''}`;
    case 'degraded':
      return `Goes on ${step.verified ? 'verified' : 'unverified'} by ${step.by}`;
    case 'escalated':
      return `Escalated from ${step.from} to ${step.to}: ${step.reason}`;
    case 'severity_raised':
      return `Severity raised from ${step.from} to ${step.to}`;
    case 'parked':
      return `Parked until ${step.until}: ${step.reason}`;
    case 'resumed':
      return `Resumed by ${step.by}`;
    case 'resolved':
      return step.gone ? `Ended: ${step.reason}` : `Verified and resolved: ${step.reason}`;
    case 'reopened':
      return 'Came back: reopened';
    case 'acknowledged':
      return `Acknowledged by ${step.by}`;
    case 'noticed':
      return `Told on ${step.channel}: ${step.detail}`;
    case 'snapshot':
      return 'Recorded again as a whole';
    default:
      return step satisfies never;
  }
}

export interface StoryLine {
  readonly at: string;
  readonly type: IncidentStep['type'];
  readonly text: string;
}

export const tellStory = (steps: readonly IncidentStep[]): StoryLine[] =>
  steps.map((step) => ({ at: step.at, type: step.type, text: tellStep(step) }));
