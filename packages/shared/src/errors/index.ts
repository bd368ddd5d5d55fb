export * from './error-response.ts';
export type { ErrorRow } from './error-row.ts';
export * from './error-table.ts';
export * from './service-error.ts';
