import { createLogger } from './logger.ts';

/** The program of logger.integration.test.ts: logs numbered lines without a pause until somebody ends it. */
const [, , directory = ''] = process.argv;

const logger = createLogger({
  service: 'burst',
  version: '0.0.0',
  level: 'INFO',
  directory,
  console: 'json',
  sessionId: 'session',
  maxSizeBytes: 100_000,
  backupCount: 100,
});

for (let n = 0; ; n += 1) logger.info(`Line ${n}`);
