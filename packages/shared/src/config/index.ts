export * from './audio-schema.ts';
export * from './config-schema.ts';
export { allowedThere } from './explain-problems.ts';
export * from './llm-schema.ts';
export * from './load-config.ts';
export * from './place.ts';
export * from './resolve-peers.ts';
export type { SchemaNode } from './schema-node.ts';
export * from './simulator-plan.ts';
