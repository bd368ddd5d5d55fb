import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { dataSourceRef } from '../data-sources.ts';
import { BAD, CARE, NEUTRAL } from '../panels/house-look.ts';

interface Event {
  readonly name: string;
  readonly expr: string;
  readonly title: string;
  readonly tags: string;
  readonly colour: string;
}

/** A counter rose, or a series of it was born: a counter whose labels are not known beforehand begins with its first event. */
const rose = (counter: string): string =>
  `changes(${counter}[30s]) > 0 or (${counter} unless ${counter} offset 30s) > 0`;

/** What happened, as marks on the time axis of every dashboard. */
export const EVENTS: readonly Event[] = [
  {
    name: 'Restarts',
    expr: rose('understudy_service_starts_total'),
    title: '{{of}} started',
    tags: 'of',
    colour: CARE,
  },
  {
    name: 'Injected faults',
    expr: rose('understudy_faults_injected_total'),
    title: 'Fault on purpose: {{fault}}',
    tags: 'service',
    colour: 'purple',
  },
  {
    name: 'Modes of the show',
    expr: 'understudy_mode == 1 and changes(understudy_mode[30s]) > 0',
    title: 'Mode: {{mode}}',
    tags: 'mode',
    colour: NEUTRAL,
  },
  {
    name: 'Alerts',
    expr: 'ALERTS{alertstate="firing",severity=~"critical|error"}',
    title: 'Alert: {{alertname}}',
    tags: 'severity',
    colour: BAD,
  },
];

export const eventAnnotations = (): AnnotationQueryBuilder[] =>
  EVENTS.map((event) =>
    new AnnotationQueryBuilder()
      .name(event.name)
      .datasource(dataSourceRef('prometheus'))
      .enable(event.name !== 'Alerts')
      .iconColor(event.colour)
      .expr(event.expr)
      .step('15s')
      .titleFormat(event.title)
      .tagKeys(event.tags),
  );
