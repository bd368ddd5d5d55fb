export * from './audio-schema.ts';
export * from './config-schema.ts';
export * from './llm-schema.ts';
export * from './load-config.ts';
export * from './resolve-peers.ts';
