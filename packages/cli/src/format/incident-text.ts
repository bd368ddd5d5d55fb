import type { IncidentStory, IncidentView } from '../client/answers.ts';
import type { Paint } from './colours.ts';
import { formatDuration } from './duration.ts';
import { countOf } from './status-text.ts';
import { formatTable } from './table.ts';

type TimeOf = (iso: string) => string;

/** The list in the supervisor's order: what is open, then by when it last began. */
export function incidentList(incidents: readonly IncidentView[], timeOf: TimeOf = localDateTime): string {
  if (incidents.length === 0) return 'No incidents.';
  const rows = incidents.map((incident) => [
    incident.id.slice(0, 8),
    timeOf(incident.openedAt),
    incident.severity,
    stateOf(incident),
    incident.subject ? `${incident.code} ${incident.subject}` : incident.code,
    incident.category,
    incident.service,
  ]);
  return formatTable([['id', 'opened', 'severity', 'state', 'what', 'category', 'service'], ...rows]);
}

/** Detected, decided, each attempt, verified: the whole story of one incident. */
export function incidentStory(
  { incident, story }: IncidentStory,
  paint: Paint,
  timeOf: TimeOf = localDateTime,
): string {
  const name = incident.subject ? `${incident.code} ${incident.subject}` : incident.code;
  return [
    `${paint('strong', name)} of ${incident.service}: ${stateOf(incident)}`,
    incident.summary,
    `${incident.severity}, ${incident.category}, reported ${countOf(incident.occurrences, 'time')}, ${countOf(incident.attempts.length, 'attempt')}${tookOf(incident)}`,
    ...(incident.state === 'resolved' ? [] : [`What you can do: ${incident.remedy}`]),
    `Incident ${incident.id}`,
    '',
    ...storyLines(story, timeOf),
  ].join('\n');
}

const storyLines = (story: IncidentStory['story'], timeOf: TimeOf): string[] =>
  story.map(({ at, text }, index) => {
    const previous = story[index - 1];
    const sinceMs = previous ? Date.parse(at) - Date.parse(previous.at) : 0;
    return `  ${timeOf(at)}  ${`+${formatDuration(Math.max(0, sinceMs))}`.padEnd(13)}  ${text.trimEnd()}`;
  });

const stateOf = (incident: IncidentView): string =>
  [
    incident.degradedBy ? `${incident.state} (${incident.degradedBy})` : incident.state,
    incident.needsOperator && incident.state !== 'resolved' ? 'yours to mend' : '',
    incident.acknowledged ? 'acknowledged' : '',
    incident.regressed ? 'came back' : '',
  ]
    .filter(Boolean)
    .join(', ');

const tookOf = ({ currentSince, verifiedAt }: IncidentView): string =>
  verifiedAt === undefined
    ? ''
    : `, verified after ${formatDuration(Date.parse(verifiedAt) - Date.parse(currentSince))}`;

/** Sortable and of the operator's own time zone. */
export const localDateTime: TimeOf = (iso) => new Date(iso).toLocaleString('sv-SE');
