export interface InhibitRule {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal?: readonly string[];
}

/** An incident comes from the supervisor and has an id; a rule has none. */
const INCIDENT = 'incident_id=~".+"';
const RULE = 'incident_id=""';
const SYMPTOM = 'symptom="true"';

/** What need not be said twice. Nothing else is held back: two incidents are two failures. */
export const INHIBIT_RULES: readonly InhibitRule[] = [
  // An incident says what the rule of the same policy only counts.
  { source_matchers: [INCIDENT, 'policy=~".+"'], target_matchers: [RULE, 'policy=~".+"'], equal: ['policy'] },
  // Without the bus nearly everything looks broken.
  { source_matchers: ['alertname=~"BUS_UNAVAILABLE|NatsDown"'], target_matchers: [RULE, SYMPTOM] },
  // What a service shows while it has an incident follows from that.
  { source_matchers: [INCIDENT], target_matchers: [RULE, SYMPTOM], equal: ['service'] },
];
