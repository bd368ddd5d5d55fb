import { join } from 'node:path';
import {
  blockedError,
  drainOnRequest,
  layFoundation,
  startWatchdog,
  takeWatchdogReport,
} from '@understudy/shared/service';
import { createSupervisor } from './app.ts';

const foundation = await layFoundation('supervisor');
const { config, environment, logger, tracing } = foundation;
const watchdogFile = join(environment.dataFolder, 'watchdog.json');
const blocked = takeWatchdogReport(watchdogFile);

const crash = (error: unknown) => {
  logger.critical('The supervisor ends', { err: error });
  process.exit(1);
};
process.on('uncaughtException', crash);
process.on('unhandledRejection', (error) => logger.error('A promise was rejected', { err: error }));

const supervisor = await createSupervisor(foundation, crash);
const watchdog = startWatchdog({
  thresholdMs: config.current().health.event_loop_blocked_ms,
  service: 'supervisor',
  report: watchdogFile,
  onFailure: (error) => void supervisor.reportError(error),
});
drainOnRequest({
  onError: (error) => logger.error('The drain met an error', { err: error }),
  steps: [...supervisor.steps, () => tracing.shutdown(), () => watchdog.stop(), () => logger.close()],
});

const { host, ports } = config.current().http;
await supervisor.app.listen({ host, port: ports.supervisor });
process.send?.({ type: 'listening' });
await supervisor.begin();
if (blocked) supervisor.reportError(blockedError('supervisor', blocked));
process.send?.({ type: 'ready' });
logger.info('Ready', { context: { port: ports.supervisor } });
