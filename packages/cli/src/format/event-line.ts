import type { IncidentView } from '../client/answers.ts';
import type { BotEvent } from '../client/bot-events.ts';
import type { Paint } from './colours.ts';
import { formatDuration } from './duration.ts';

type Tone = Parameters<Paint>[0];
type IncidentEvent = Extract<BotEvent, { type: 'incident' }>;
interface Line {
  readonly tone: Tone;
  readonly word: string;
  readonly text: string;
}

/** The steps of an incident that are worth a line; the others (attempts, notices) are in `understudy incident ID`. */
const STEP_LINES: ReadonlyMap<string, (event: IncidentEvent) => Line> = new Map(
  Object.entries({
    opened: (event: IncidentEvent): Line => ({
      tone: 'bad',
      word: 'broken',
      text: `${nameOf(event)}: ${event.incident.summary}${remedyOf(event)}`,
    }),
    reopened: (event: IncidentEvent): Line => ({
      tone: 'bad',
      word: 'broken',
      text: `${nameOf(event)}: it came back${event.step.summary ? `: ${event.step.summary}` : ''}${remedyOf(event)}`,
    }),
    joined: (event: IncidentEvent): Line => ({
      tone: 'bad',
      word: 'broken',
      text: `${event.step.code}, which joins ${event.incident.code}${event.step.summary ? `: ${event.step.summary}` : ''}`,
    }),
    degraded: (event: IncidentEvent): Line => ({
      tone: 'fair',
      word: 'holding',
      text: `${nameOf(event)}: goes on by ${event.step.by}${event.step.verified ? ', verified' : ''}`,
    }),
    escalated: ({ incident, step }: IncidentEvent): Line => ({
      tone: 'fair',
      word: 'escalated',
      text: `${incident.code}: from ${step.from} to ${step.to}: ${step.reason}`,
    }),
    severity_raised: ({ incident, step }: IncidentEvent): Line => ({
      tone: 'bad',
      word: 'worse',
      text: `${incident.code}: ${step.from} is now ${step.to}`,
    }),
    parked: (event: IncidentEvent): Line => ({
      tone: 'bad',
      word: 'parked',
      text: `${event.incident.service} until ${event.step.until}: ${event.step.reason}. Again at once: npx understudy resume ${event.incident.service}`,
    }),
    resolved: (event: IncidentEvent): Line =>
      event.step.gone
        ? { tone: 'quiet', word: 'ended', text: `${nameOf(event)}: ${event.step.reason}` }
        : {
            tone: 'good',
            word: 'recovered',
            text: `${nameOf(event)}: verified after ${formatDuration(Date.parse(event.step.at) - Date.parse(event.incident.currentSince))}`,
          },
  }),
);

/**
 * One readable line of an event, or `undefined` where it is not worth one.
 * @example 15:01:27  recovered  AUDIO_DEVICE_LOST headset-mic: verified after 12 s  (incident 1f0c9a52)
 */
export function eventLine(
  event: BotEvent,
  paint: Paint,
  timeOf: (iso: string) => string = localTime,
): string | undefined {
  if (event.type === 'mode') return render(timeOf(event.at), modeLine(event), paint);
  const line = isSaidAlready(event) ? undefined : STEP_LINES.get(event.step.type)?.(event);
  if (!line) return undefined;
  const id = paint('quiet', `  (incident ${event.incident.id.slice(0, 8)})`);
  return `${render(timeOf(event.step.at), line, paint)}${id}`;
}

/** One thing that several services found, each by itself: a wrong line of the configuration. */
const isSaidAlready = ({ incident, step }: IncidentEvent): boolean =>
  step.type === 'joined' && step.fingerprint !== incident.fingerprint && step.summary === incident.summary;

const render = (time: string, { tone, word, text }: Line, paint: Paint): string =>
  `${time}  ${paint(tone, word.padEnd(9))}  ${text}`;

const nameOf = ({ incident: { code, subject, service } }: IncidentEvent): string =>
  subject ? `${code} ${subject}` : `${code} of ${service}`;

/** What only an operator can mend says how. */
const remedyOf = ({ incident }: IncidentEvent): string => (incident.needsOperator ? ` -> ${incident.remedy}` : '');

function modeLine({ mode, limits }: Extract<BotEvent, { type: 'mode' }>): Line {
  const others = limits.filter((limit) => limit !== mode);
  const text = others.length === 0 ? mode : `${mode}, also ${others.join(', ')}`;
  return { tone: mode === 'full' ? 'good' : 'fair', word: 'mode', text };
}

export const localTime = (iso: string): string => new Date(iso).toLocaleTimeString('en-GB');

export interface EventTeller {
  /** As {@link eventLine}, without what was told before. */
  event(event: BotEvent): string | undefined;
  /** The openings that nobody heard, oldest first. */
  open(incidents: readonly IncidentView[]): string[];
}

/** Tells each opening once, and no mode that changes nothing: the supervisor repeats its mode every second. */
export function createEventTeller(paint: Paint, knownMode?: string): EventTeller {
  let toldMode = knownMode;
  /** Incidents whose opening, or whose end, was told. */
  const told = new Set<string>();
  const event = (event: BotEvent): string | undefined => {
    if (event.type === 'mode') {
      const present = [event.mode, ...event.limits.filter((limit) => limit !== event.mode)].join(' ');
      if (present === toldMode) return undefined;
      toldMode = present;
      return eventLine(event, paint);
    }
    const { id } = event.incident;
    if (event.step.type === 'opened' && told.has(id)) return undefined;
    if (event.step.type === 'opened' || event.step.type === 'resolved') told.add(id);
    return eventLine(event, paint);
  };
  return {
    event,
    open: (incidents) =>
      incidents
        .filter(({ state }) => state !== 'resolved')
        .toSorted((a, b) => a.openedAt.localeCompare(b.openedAt))
        .flatMap(
          (incident) => event({ type: 'incident', incident, step: { type: 'opened', at: incident.openedAt } }) ?? [],
        ),
  };
}
