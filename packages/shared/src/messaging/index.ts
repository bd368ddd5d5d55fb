export * from './bus.ts';
export { type CommandAnswer, createHub, type Hub, type HubOptions } from './hub-bus.ts';
export type { BusAddress } from './nats-connection.ts';
export { createRejectedMessages, type KeepRejected, type RejectedMessage } from './rejected-messages.ts';
export { exportsOf, type NatsServerOptions, renderNatsConfig } from './render-nats-config.ts';
export { createServiceBus, type ServiceBusOptions } from './service-bus.ts';
export { INCIDENT_RETENTION_MS } from './streams.ts';
export * from './topics.ts';
