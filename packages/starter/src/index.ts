export type { Server, Servers } from '../../../scripts/ensure-servers.ts';
export type { ServerFault } from './http/starter-app.ts';
export type { StartEvent, StartedPart, StartOptions, StartReport, Understudy } from './start-options.ts';
export { StartRefusedError } from './start-refused-error.ts';
export { startUnderstudy } from './start-understudy.ts';
export type { ProcessState } from './supervise/process-state.ts';
