import { CAPABILITIES, effective, type Status } from '@understudy/shared/contracts';
import type { Paint } from './colours.ts';
import { formatTable } from './table.ts';

type Tone = Parameters<Paint>[0];
const HEALTH_TONE: Readonly<Record<Status['health']['overall_health'], Tone>> = {
  HEALTHY: 'good',
  DEGRADED: 'fair',
  UNHEALTHY: 'bad',
};
const MEGABYTE = 1024 * 1024;

/** `GET /v1/status` for a person: what is wrong and what to do first, the facts after. */
export function statusText(status: Status, paint: Paint): string {
  const { health, mode, limits, incidents, words, bus } = status;
  const others = limits.filter((limit) => limit !== mode);
  return [
    `${paint(HEALTH_TONE[health.overall_health], health.overall_health)}, mode ${paint('strong', mode)}${others.length === 0 ? '' : `, also ${others.join(', ')}`}`,
    words.operator,
    ...(words.streamer === '' ? [] : [`On air: ${words.streamer}`]),
    '',
    formatTable([['can', 'level', 'by'], ...CAPABILITIES.map((name) => capabilityRow(name, status))], '  '),
    '',
    formatTable(
      [['service', 'state', 'address', 'memory', 'loop p99', 'starts'], ...status.services.map(serviceRow)],
      '  ',
    ),
    '',
    formatTable(
      health.checks.map(({ name, status: state, importance, detail }) => [name, state, importance, detail]),
      '  ',
    ),
    '',
    `${countOf(incidents.open, 'open incident')}${incidents.needsOperator > 0 ? `, ${incidents.needsOperator} for you to mend` : ''}; message bus ${bus}`,
  ].join('\n');
}

function capabilityRow(name: (typeof CAPABILITIES)[number], { capabilities }: Status): string[] {
  const state = capabilities[name];
  const { level, by } = effective(state);
  const isCapped = state.ceiling.level !== 'full';
  return [name, level, isCapped ? `${by} (allowed at most: ${state.ceiling.level}, ${state.ceiling.by})` : by];
}

const serviceRow = (service: Status['services'][number]): string[] => [
  service.name,
  service.state,
  service.address,
  service.memoryRssBytes === undefined ? '-' : `${Math.round(service.memoryRssBytes / MEGABYTE)} MB`,
  service.eventLoopDelayP99Ms === undefined ? '-' : `${Math.round(service.eventLoopDelayP99Ms)} ms`,
  String(service.starts),
];

export const countOf = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;
