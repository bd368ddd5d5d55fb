import { barGaugePanel } from '../panels/bar-gauge-panel.ts';
import {
  BAD,
  CARE,
  lessIsBetter,
  moreIsBetterIfKnown,
  NEUTRAL,
  paintAll,
  SERVICE_COLOURS,
} from '../panels/house-look.ts';
import { statPanel } from '../panels/stat-panel.ts';
import { textPanel } from '../panels/text-panel.ts';
import { timeSeriesPanel } from '../panels/time-series-panel.ts';
import { UNITS } from '../panels/units.ts';
import { instant, range } from '../queries.ts';
import { createDashboard, type Section } from './create-dashboard.ts';
import { HOST_MEMORY_SHARE, HOST_NOTE, HOST_PROCESSOR_SHARE } from './host.ts';

/** The programs that tell their own process' figures and are no service of ours: those carry the label `version` of theirs. */
const OTHERS = 'job=~"prometheus|alertmanager|loki|tempo|grafana"';

/** The child of the cv-service; its memory is not in that of the service. */
const EYES = 'the eyes';

const machine: Section = {
  title: 'The stack and the game',
  panels: [
    timeSeriesPanel({
      id: 1,
      title: 'The machine under the bot',
      description:
        'Share of its memory and of all its processors in use, as its kernel tells. Inside Docker Desktop: of the virtual machine.',
      width: 8,
      height: 8,
      look: 'line',
      unit: UNITS.share,
      max: 1,
      limits: lessIsBetter(0.8, 0.9),
      queries: [
        range(
          '1 - max(understudy_machine_memory_bytes{kind="available"}) / max(understudy_machine_memory_bytes{kind="total"})',
          'memory',
        ),
        range('max(understudy_machine_processor_share)', 'processor'),
      ],
    }),
    timeSeriesPanel({
      id: 2,
      title: "The game's PC",
      description:
        'Share of the memory and the processors of the PC itself, where windows_exporter or node_exporter answers on it.',
      width: 8,
      height: 8,
      look: 'line',
      unit: UNITS.share,
      max: 1,
      noValue: 'Not seen: no windows_exporter or node_exporter answers on the PC',
      limits: lessIsBetter(0.8, 0.9),
      queries: [range(HOST_MEMORY_SHARE, 'memory'), range(HOST_PROCESSOR_SHARE, 'processor')],
    }),
    textPanel({
      id: 3,
      title: 'Why the PC may not be seen',
      description: 'How to let the dashboards see the whole PC.',
      width: 8,
      height: 8,
      content: HOST_NOTE,
    }),
  ],
};

const memory: Section = {
  title: 'Memory',
  panels: [
    timeSeriesPanel({
      id: 10,
      title: "The bot's services",
      description:
        'Resident memory of each service and of the process with which the cv-service looks, one on the other.',
      width: 12,
      height: 8,
      look: 'stack',
      unit: UNITS.bytes,
      queries: [
        range('max by (service) (memory_usage_bytes)', '{{service}}'),
        range('max(understudy_vision_child_memory_bytes)', EYES),
      ],
      overrides: paintAll({ ...SERVICE_COLOURS, [EYES]: 'dark-orange' }),
    }),
    barGaugePanel({
      id: 11,
      title: 'Of their limits',
      description: 'Share of its own limit that each service uses. At 80 % an alert is raised.',
      width: 6,
      height: 8,
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
    }),
    barGaugePanel({
      id: 12,
      title: 'Full in',
      description:
        'When a service would reach its limit if its memory went on as in the last half hour: red within an hour, orange within a day.',
      width: 6,
      height: 8,
      unit: UNITS.seconds,
      noValue: 'none grows',
      thresholds: moreIsBetterIfKnown(3600, 86_400),
      queries: [
        instant(
          '(max by (service) (understudy_memory_limit_bytes) - max by (service) (memory_usage_bytes)) / (max by (service) (deriv(memory_usage_bytes[30m])) > 1024)',
          '{{service}}',
        ),
      ],
    }),
    timeSeriesPanel({
      id: 13,
      title: 'NATS and Redis',
      description:
        'Memory of NATS and Redis, and what Redis may take. At its limit Redis drops the oldest kept answers; nothing else is lost.',
      width: 12,
      height: 7,
      look: 'line',
      unit: UNITS.bytes,
      queries: [
        range('max(understudy_nats_memory_bytes)', 'NATS'),
        range('max(understudy_redis_memory_bytes)', 'Redis'),
        range('max(understudy_redis_memory_limit_bytes)', 'limit of Redis'),
      ],
      overrides: paintAll({ 'limit of Redis': BAD }),
    }),
    timeSeriesPanel({
      id: 14,
      title: 'What watches',
      description: 'Resident memory of Prometheus, Alertmanager, Loki, Tempo and Grafana, one on the other.',
      width: 12,
      height: 7,
      look: 'stack',
      unit: UNITS.bytes,
      queries: [range(`max by (job) (process_resident_memory_bytes{${OTHERS}})`, '{{job}}')],
    }),
  ],
};

const processor: Section = {
  title: 'Processor',
  panels: [
    timeSeriesPanel({
      id: 20,
      title: "The bot's services",
      description: 'Cores in use by each service, one on the other. 100 % is one whole core.',
      width: 12,
      height: 8,
      look: 'stack',
      unit: UNITS.share,
      queries: [range('max by (service) (rate(process_cpu_seconds_total{service!=""}[1m]))', '{{service}}')],
      overrides: paintAll(SERVICE_COLOURS),
    }),
    timeSeriesPanel({
      id: 21,
      title: 'What watches',
      description: 'Cores in use by Prometheus, Alertmanager, Loki, Tempo and Grafana, one on the other.',
      width: 12,
      height: 8,
      look: 'stack',
      unit: UNITS.share,
      queries: [range(`max by (job) (rate(process_cpu_seconds_total{${OTHERS}}[2m]))`, '{{job}}')],
    }),
  ],
};

const disk: Section = {
  title: 'Disk and bus',
  panels: [
    barGaugePanel({
      id: 30,
      title: 'Disk in use',
      description: 'Of the file systems where logs and data are written.',
      width: 6,
      height: 7,
      unit: UNITS.share,
      decimals: 0,
      max: 1,
      thresholds: lessIsBetter(0.8, 0.9),
      queries: [
        instant(
          '1 - max by (folder) (understudy_disk_free_bytes) / max by (folder) (understudy_disk_size_bytes)',
          '{{folder}}',
        ),
      ],
    }),
    timeSeriesPanel({
      id: 31,
      title: 'Free on disk',
      description: 'Space that is left for logs and data.',
      width: 6,
      height: 7,
      look: 'line',
      unit: UNITS.bytes,
      queries: [range('min by (folder) (understudy_disk_free_bytes)', '{{folder}}')],
    }),
    timeSeriesPanel({
      id: 32,
      title: 'Streams of NATS',
      description: 'Size of the streams that keep errors, incidents and states. They are bounded and keep the newest.',
      width: 6,
      height: 7,
      look: 'line',
      unit: UNITS.bytes,
      queries: [range('max by (stream) (understudy_stream_bytes)', '{{stream}}')],
    }),
    statPanel({
      id: 33,
      title: 'Slow consumers',
      description: 'Connections that NATS cut because they did not take their messages in time. Should be zero.',
      width: 6,
      height: 7,
      look: 'figure-with-line',
      unit: UNITS.count,
      decimals: 0,
      thresholds: lessIsBetter(1, 5),
      queries: [range('max(understudy_nats_slow_consumers)', '')],
    }),
    timeSeriesPanel({
      id: 34,
      title: 'Messages in the streams',
      description: 'How many messages each stream holds.',
      width: 12,
      height: 7,
      look: 'line',
      unit: UNITS.count,
      queries: [range('max by (stream) (understudy_stream_messages)', '{{stream}}')],
    }),
    timeSeriesPanel({
      id: 35,
      title: 'Log lines on their way',
      description:
        'Lines a second that Fluent Bit handed to Loki, and chunks that wait on disk for it. Waiting ones are not lost.',
      width: 12,
      height: 7,
      look: 'line',
      unit: UNITS.count,
      queries: [
        range('sum(rate(fluentbit_output_proc_records_total[1m]))', 'lines a second'),
        range('max(fluentbit_storage_fs_chunks)', 'chunks on disk'),
      ],
      overrides: paintAll({ 'lines a second': NEUTRAL, 'chunks on disk': CARE }),
    }),
  ],
};

/** What the stack costs beside the game. */
export const resources = () =>
  createDashboard({
    name: 'resources',
    description: 'Memory, processor and disk: of the bot, of what watches it, of the machine, of the PC with the game.',
    from: 'now-3h',
    refresh: '30s',
    sections: [machine, memory, processor, disk],
  });
