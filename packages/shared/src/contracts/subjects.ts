import type { ServiceName, SupervisedService } from './services.ts';

/** Every subject of one bot, general to specific. BOT = `main` unless several bots share one NATS. */
export function subjectsOf(bot: string) {
  const root = `understudy.${bot}`;
  return {
    error: (service: ServiceName) => `${root}.error.${service}`,
    allErrors: `${root}.error.*`,
    incident: (incidentId: string) => `${root}.incident.${incidentId}`,
    allIncidents: `${root}.incident.*`,
    heartbeat: (service: ServiceName) => `${root}.heartbeat.${service}`,
    command: (service: SupervisedService, verb: string) => `${root}.command.${service}.${verb}`,
    commands: (service: SupervisedService) => `${root}.command.${service}.*`,
    input: `${root}.input`,
    utterance: `${root}.utterance`,
    reply: `${root}.reply`,
    observation: `${root}.observation`,
    delivery: (service: ServiceName) => `${root}.delivery.${service}`,
    mode: `${root}.mode`,
    errorStream: `ERRORS_${bot}`,
    incidentStream: `INCIDENTS_${bot}`,
    bucket: `understudy_${bot}`,
  };
}
export type Subjects = ReturnType<typeof subjectsOf>;

/** Who says what to whom over core NATS, besides errors, heartbeats and commands; the accounts are rendered from it. */
export const PIPELINE_TOPICS = {
  input: { from: ['audio-gateway'], to: ['llm-service'] },
  utterance: { from: ['audio-gateway'], to: ['llm-service'] },
  reply: { from: ['llm-service'], to: ['osc-bridge', 'audio-gateway', 'supervisor'] },
  observation: { from: ['cv-service'], to: ['llm-service', 'supervisor'] },
  delivery: { from: ['osc-bridge', 'audio-gateway'], to: ['audio-gateway', 'llm-service', 'supervisor'] },
  mode: { from: ['supervisor'], to: ['audio-gateway', 'osc-bridge', 'llm-service', 'cv-service'] },
} as const satisfies Record<string, { from: readonly ServiceName[]; to: readonly ServiceName[] }>;
export type PipelineTopic = keyof typeof PIPELINE_TOPICS;
