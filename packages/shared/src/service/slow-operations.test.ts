import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type ServiceError, toServiceError } from '../errors/index.ts';
import { createLogger } from '../telemetry/index.ts';
import { slowOperations } from './slow-operations.ts';

function setUp(enabled: boolean) {
  const reported: ServiceError[] = [];
  const plain = createLogger({ service: 's', version: 'v', level: 'CRITICAL', console: 'off', sessionId: 's' });
  const settings = () => ({ enabled, threshold_ms: 1000 });
  return { reported, logger: slowOperations(plain, settings, (error) => reported.push(toServiceError(error))) };
}

it('reports what reaches the threshold, also from a part of the service', () => {
  const { reported, logger } = setUp(true);
  logger.logPerformance('quick', 999);
  logger.logPerformance('slow', 1000.4);
  logger.child('part').logPerformance('slower', 2500);
  assert.deepEqual(
    reported.map(({ code, message, facts }) => ({ code, message, facts })),
    [
      {
        code: 'OPERATION_SLOW',
        message: 'slow took 1000 ms; 1000 ms is the threshold',
        facts: { subject: 'slow', context: { durationMs: 1000.4, thresholdMs: 1000 } },
      },
      {
        code: 'OPERATION_SLOW',
        message: 'slower took 2500 ms; 1000 ms is the threshold',
        facts: { subject: 'slower', context: { durationMs: 2500, thresholdMs: 1000 } },
      },
    ],
  );
});

it('reports nothing where it is switched off', () => {
  const { reported, logger } = setUp(false);
  logger.logPerformance('slow', 5000);
  assert.deepEqual(reported, []);
});
