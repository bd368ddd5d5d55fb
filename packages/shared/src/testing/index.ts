export * from './fake-bus.ts';
export * from './fake-clock.ts';
export * from './fake-context.ts';
export { freePort, freePorts } from './free-ports.ts';
export { startNats, type TestNats } from './start-nats.ts';
export { startProcess, type TestProcess } from './start-process.ts';
export { waitFor } from './wait-for.ts';
