import type { Capability } from './capabilities.ts';

export const SERVICE_NAMES = ['supervisor', 'audio-gateway', 'osc-bridge', 'llm-service', 'cv-service'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

/** The services whose failures the supervisor treats: all but itself. */
export const SUPERVISED_SERVICES = ['audio-gateway', 'osc-bridge', 'llm-service', 'cv-service'] as const;
export type SupervisedService = (typeof SUPERVISED_SERVICES)[number];

interface ServiceRow {
  /** Default HTTP port on loopback. */
  readonly port: number;
  /** What it can do for the bot; only its owner reports a capability's observed level. */
  readonly capabilities: readonly Capability[];
  /** Its own NATS account: users of one account could let the server write for each other (ADR 3). */
  readonly account: string;
}

/** The order is the order of the start; the stop runs backwards. */
export const SERVICES: Readonly<Record<ServiceName, ServiceRow>> = {
  supervisor: { port: 8700, capabilities: [], account: 'HUB' },
  'llm-service': { port: 8703, capabilities: ['think'], account: 'LLM' },
  'osc-bridge': { port: 8702, capabilities: ['act'], account: 'OSC' },
  'cv-service': { port: 8704, capabilities: ['see'], account: 'CV' },
  'audio-gateway': { port: 8701, capabilities: ['hear', 'speak'], account: 'AUDIO' },
};

export const START_ORDER = Object.keys(SERVICES) as readonly ServiceName[];
