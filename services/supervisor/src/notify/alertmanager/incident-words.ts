import type { Attempt, Incident, Limit } from '@understudy/shared/contracts';
import { tellStreamer } from '../words.ts';

/** What holds the stage meanwhile, for a person. */
const STAND_INS: Readonly<Record<string, string>> = {
  next_provider: 'the next provider answers',
  cache_or_pattern: 'it answers from memory and with prepared lines',
  essential_mode: 'only the essentials run',
  features_shed: 'optional features are off',
  nothing_to_give_back: 'it goes on with the memory that is left',
  last_known_good: 'the last good configuration stays in use',
  text_only: 'it reads and writes',
  feature_off: 'that feature is off and tried again later',
  parked: 'that service rests',
  limit_reached: 'it only looks whether it works again',
};
const DEVICE = 'device:';

function tellStandIn(by: string | undefined): string {
  if (by === undefined) return '';
  const words = by.startsWith(DEVICE) ? `${by.slice(DEVICE.length)} stands in` : STAND_INS[by];
  return words === undefined ? '' : ` Meanwhile ${words}.`;
}

/** What still works, in words. */
export function tellWorks(incident: Pick<Incident, 'degradedBy' | 'state'>, limits: readonly Limit[]): string {
  if (incident.state === 'resolved') return 'Everything that this concerned.';
  return `${tellStreamer(limits) || 'The bot does all that it can do.'}${tellStandIn(incident.degradedBy)}`;
}

const resultOf = ({ outcome, verified, detail }: Attempt): string => {
  if (outcome === undefined) return 'under way';
  if (verified) return `proved${detail ? `: ${detail}` : ''}`;
  return outcome === 'done' ? 'done, but not proved' : `${outcome}${detail ? `: ${detail}` : ''}`;
};

/** What Understudy did, in words: how often it tried, and what came of the last time. */
export function tellDone({ attempts, needsOperator, state, strategy }: Incident): string {
  const last = attempts.at(-1);
  if (state === 'resolved' && last?.outcome === 'gone') return 'What it was about is not configured any more.';
  if (state === 'resolved') return `Recovered after ${countOf(attempts)}, and a probe proved it.`;
  if (needsOperator) return 'It cannot mend this by itself. It keeps looking and returns to full by itself.';
  if (!last) return `It begins to recover by ${strategy}.`;
  return `${countOf(attempts)} by ${strategy}; the last (${last.label}): ${resultOf(last)}.`;
}

const countOf = ({ length }: readonly Attempt[]): string => `${length} attempt${length === 1 ? '' : 's'}`;

/** Ends with a stop, so that another sentence may follow. */
export const asSentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
