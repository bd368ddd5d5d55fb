import type { ServiceName } from '@understudy/shared/contracts';
import type { ErrorCode } from '@understudy/shared/errors';
import type { ContainerFault } from './container-faults.ts';

/** What the operator hears: nothing, a notice among others, or that notice and none besides. */
export type Told = 'nothing' | 'yes' | 'alone';

/** How a broken container is noticed and told. */
export type Expected =
  /** An error of a service opens an incident, or joins one. */
  | { readonly by: 'incident'; readonly of: ServiceName; readonly code: ErrorCode; readonly told: Told }
  /** Nobody of the bot can tell it: a rule of Prometheus does. */
  | { readonly by: 'rule'; readonly alertname: string }
  /** Over, or without effect on the bot, before anybody would have to know. What it does must work again afterwards. */
  | { readonly by: 'nobody' };

const incident = (of: ServiceName, code: ErrorCode, told: Told = 'yes'): Expected => ({
  by: 'incident',
  of,
  code,
  told,
});
/** Back within a second or two, which is less than Alertmanager waits before it tells. */
const brief = (of: ServiceName, code: ErrorCode): Expected => incident(of, code, 'nothing');
const rule = (alertname: string): Expected => ({ by: 'rule', alertname });
const NOBODY: Expected = { by: 'nobody' };

type Row = Readonly<Record<ContainerFault, Expected>>;
const ofService = (service: ServiceName): Row => ({
  kill: brief(service, 'SERVICE_CRASHED'),
  pause: incident(service, 'SERVICE_SILENT'),
  cut: incident(service, 'SERVICE_SILENT'),
});

/** Every container that keeps running. Those that watch logs, traces and pages are no part of the lite stack and not broken here. */
const TABLE: Readonly<Record<string, Row>> = {
  'llm-service': ofService('llm-service'),
  'osc-bridge': ofService('osc-bridge'),
  'audio-gateway': ofService('audio-gateway'),
  'cv-service': ofService('cv-service'),
  redis: {
    kill: brief('llm-service', 'CACHE_UNAVAILABLE'),
    pause: incident('llm-service', 'CACHE_UNAVAILABLE'),
    cut: incident('llm-service', 'CACHE_UNAVAILABLE'),
  },
  // The world around the bot.
  simulators: {
    kill: brief('audio-gateway', 'AUDIO_DEVICE_LOST'),
    pause: incident('osc-bridge', 'OSC_CONNECTION_LOST'),
    cut: incident('audio-gateway', 'AUDIO_DEVICE_LOST'),
  },
  supervisor: { kill: NOBODY, pause: rule('SupervisorDown'), cut: rule('SupervisorDown') },
  alertmanager: { kill: NOBODY, pause: NOBODY, cut: NOBODY },
  prometheus: { kill: NOBODY, pause: NOBODY, cut: NOBODY },
  nats: {
    kill: NOBODY,
    // Nobody is heard then; the operator hears the reason, not each silence.
    pause: incident('supervisor', 'BUS_UNAVAILABLE', 'alone'),
    cut: incident('supervisor', 'BUS_UNAVAILABLE', 'alone'),
  },
};

/** Each container once and each fault several times; all of them take nine minutes. What makes all others silent comes last. */
const USUAL: Readonly<Record<string, ContainerFault>> = {
  'llm-service': 'pause',
  'osc-bridge': 'cut',
  'audio-gateway': 'pause',
  'cv-service': 'kill',
  redis: 'cut',
  simulators: 'cut',
  supervisor: 'pause',
  alertmanager: 'kill',
  prometheus: 'kill',
  nats: 'cut',
};

export interface FaultCase {
  readonly container: string;
  readonly fault: ContainerFault;
  readonly expected: Expected;
}

/** @param all every fault of every container, in place of one each */
export const faultCases = (all: boolean): FaultCase[] =>
  (['kill', 'pause', 'cut'] as const).flatMap((fault) =>
    Object.entries(TABLE)
      .filter(([container]) => all || USUAL[container] === fault)
      .map(([container, row]) => ({ container, fault, expected: row[fault] })),
  );
