export * from './render-redis-config.ts';
export * from './secret-file.ts';
