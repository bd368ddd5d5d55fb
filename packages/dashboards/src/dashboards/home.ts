import { barGaugePanel } from '../panels/bar-gauge-panel.ts';
import { always, BAD, lessIsBetter, lessIsBetterIfKnown, NEUTRAL } from '../panels/house-look.ts';
import { statPanel } from '../panels/stat-panel.ts';
import { stateTimelinePanel } from '../panels/state-timeline-panel.ts';
import { textPanel } from '../panels/text-panel.ts';
import { UNITS } from '../panels/units.ts';
import { instant, range } from '../queries.ts';
import { capabilityQueries, levelMappings, MODE_NUMBER, modeMappings } from '../words.ts';
import { linkTo } from './addresses.ts';
import { createDashboard, type Section } from './create-dashboard.ts';
import { ANSWERED, answerQuantile } from './expressions.ts';
import { HOST_MEMORY_SHARE, HOST_NOTE, HOST_PROCESSOR_SHARE } from './host.ts';
import { lastRecoveriesTable, openIncidentsTable } from './incident-tables.ts';
import { waitForAnswer } from './wait-for-answer.ts';

const NOT_HEARD = 'Nobody watches: the supervisor does not answer';

const theShow: Section = {
  panels: [
    statPanel({
      id: 1,
      title: 'Is the show on?',
      description:
        'The mode of the whole bot in words. Green: nothing to do. Orange: the show goes on with less; below stands what is missing and what to do.',
      width: 12,
      height: 6,
      look: 'tile',
      textSize: 40,
      unit: UNITS.words,
      noValue: NOT_HEARD,
      thresholds: always(BAD),
      mappings: modeMappings(),
      queries: [instant(MODE_NUMBER, '')],
      links: [{ title: 'Incidents and recovery', url: linkTo('incidents') }],
    }),
    statPanel({
      id: 2,
      title: 'What it can do',
      description: 'Five capabilities. FULL: as configured. DEGRADED: by a replacement. OFF: not at all.',
      width: 12,
      height: 6,
      look: 'tile',
      rows: true,
      unit: UNITS.words,
      noValue: '?',
      thresholds: always(BAD),
      mappings: levelMappings(),
      queries: capabilityQueries('now'),
      links: [{ title: 'Conversation', url: linkTo('conversation') }],
    }),
    openIncidentsTable({ id: 3, width: 24, height: 7 }),
  ],
};

const viewers: Section = {
  title: 'What the viewers get',
  panels: [
    statPanel({
      id: 10,
      title: 'Answers per minute',
      description: 'How many inputs of viewers got an answer, on average over the last five minutes.',
      width: 4,
      height: 4,
      look: 'figure-with-line',
      unit: UNITS.perMinute,
      decimals: 1,
      thresholds: always(NEUTRAL),
      queries: [range(`sum(rate(${ANSWERED}[5m])) * 60`, 'answers')],
    }),
    statPanel({
      id: 11,
      title: 'Usual wait',
      description:
        'Half of the answers of the shown time began sooner than this: from the end of the input to the first sentence.',
      width: 4,
      height: 4,
      look: 'figure',
      unit: UNITS.seconds,
      noValue: 'no answers yet',
      thresholds: lessIsBetterIfKnown(2, 3),
      queries: [instant(answerQuantile(0.5, '$__range'), 'p50')],
    }),
    statPanel({
      id: 12,
      title: 'Longest waits',
      description: 'One answer in twenty of the shown time began later than this. Promised are 3 s.',
      width: 4,
      height: 4,
      look: 'figure',
      unit: UNITS.seconds,
      noValue: 'no answers yet',
      thresholds: lessIsBetterIfKnown(2, 3),
      queries: [instant(answerQuantile(0.95, '$__range'), 'p95')],
    }),
    waitForAnswer(13),
    barGaugePanel({
      id: 14,
      title: 'Where answers came from',
      description:
        'Answers of the shown time by source: a model (provider), a kept answer (cache), a prepared line (pattern); none: nothing came in time.',
      width: 12,
      height: 4,
      unit: UNITS.count,
      decimals: 0,
      thresholds: always(NEUTRAL),
      queries: [
        instant('sum by (source) (increase(understudy_answer_duration_seconds_count[$__range]))', '{{source}}'),
      ],
    }),
  ],
};

const history: Section = {
  title: 'What happened',
  panels: [
    stateTimelinePanel({
      id: 20,
      title: 'What it could do',
      description: 'The five capabilities over the shown time.',
      width: 12,
      height: 7,
      unit: UNITS.words,
      mappings: levelMappings(),
      queries: capabilityQueries('over time'),
    }),
    lastRecoveriesTable({ id: 21, width: 12, height: 7 }),
  ],
};

const resources: Section = {
  title: 'Beside the game: resources against the budget',
  panels: [
    barGaugePanel({
      id: 30,
      title: "Memory of the bot's parts",
      description:
        'Share of its own limit that each service uses. At 80 % an alert is raised; at its limit a service recycles itself.',
      width: 6,
      height: 7,
      unit: UNITS.share,
      decimals: 0,
      max: 1,
      thresholds: lessIsBetter(0.7, 0.8),
      queries: [
        instant(
          'max by (service) (memory_usage_bytes) / max by (service) (understudy_memory_limit_bytes)',
          '{{service}}',
        ),
      ],
      links: [{ title: 'This service', url: linkTo('service', { service: `\${__field.labels.service}` }) }],
    }),
    statPanel({
      id: 31,
      title: 'The bot',
      description:
        'Memory of its five services and of the process with which it looks, together, and the processor time that the services use, in cores.',
      width: 4,
      height: 7,
      look: 'figure',
      unit: UNITS.bytes,
      thresholds: always(NEUTRAL),
      queries: [
        instant('sum(memory_usage_bytes) + (max(understudy_vision_child_memory_bytes) or vector(0))', 'memory'),
        instant('sum(rate(process_cpu_seconds_total{service!=""}[1m]))', 'processor'),
      ],
      overrides: [
        {
          name: 'processor',
          properties: [
            { id: 'unit', value: 'suffix: cores' },
            { id: 'decimals', value: 2 },
          ],
        },
      ],
      links: [{ title: 'Resources', url: linkTo('resources') }],
    }),
    statPanel({
      id: 32,
      title: 'This machine',
      description:
        'Memory and processor in use, as the kernel under the bot tells. Inside Docker Desktop this is its virtual machine, not the PC.',
      width: 4,
      height: 7,
      look: 'figure',
      unit: UNITS.share,
      decimals: 0,
      thresholds: lessIsBetter(0.8, 0.9),
      queries: [
        instant(
          '1 - max(understudy_machine_memory_bytes{kind="available"}) / max(understudy_machine_memory_bytes{kind="total"})',
          'memory',
        ),
        instant('max(understudy_machine_processor_share)', 'processor'),
      ],
    }),
    statPanel({
      id: 33,
      title: "The game's PC",
      description: 'Memory and processor of the PC itself, where windows_exporter or node_exporter answers on it.',
      width: 4,
      height: 7,
      look: 'figure',
      unit: UNITS.share,
      decimals: 0,
      noValue: 'not seen',
      thresholds: lessIsBetterIfKnown(0.8, 0.9),
      queries: [instant(HOST_MEMORY_SHARE, 'memory'), instant(HOST_PROCESSOR_SHARE, 'processor')],
    }),
    textPanel({
      id: 34,
      title: 'Why the PC may not be seen',
      description: 'How to let the dashboards see the whole PC.',
      width: 6,
      height: 7,
      content: HOST_NOTE,
    }),
  ],
};

/** What a streamer looks at: is the show on, and if not, what is to be done. */
export const home = () =>
  createDashboard({
    name: 'home',
    description: 'Is the show on? What is broken, what to do, what the viewers get, what it costs.',
    from: 'now-1h',
    refresh: '5s',
    sections: [theShow, viewers, history, resources],
  });
