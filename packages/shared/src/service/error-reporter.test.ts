import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { CAPABILITIES, createValidator, type ErrorEvent, ErrorEventSchema } from '../contracts/index.ts';
import { ERROR_CODES, ServiceError } from '../errors/index.ts';
import { createLogger, createMetrics, registerSecret } from '../telemetry/index.ts';
import { createErrorReporter } from './error-reporter.ts';

const NOON = Date.UTC(2026, 10, 24, 12);
const validate = createValidator(ErrorEventSchema);

function setUp(
  publish?: (event: ErrorEvent) => void,
  details = { detailed_context: true, include_stack_trace: false },
) {
  const events: ErrorEvent[] = [];
  const metrics = createMetrics({ service: 'llm-service', version: 'test' });
  const report = createErrorReporter({
    service: 'llm-service',
    instanceId: 'instance-1',
    version: '0.1.0',
    now: () => NOON,
    logger: createLogger({
      service: 'llm-service',
      version: 'test',
      level: 'CRITICAL',
      console: 'off',
      sessionId: 's',
    }),
    metrics,
    details: () => details,
    publish: publish ?? ((event) => void events.push(event)),
  });
  return { report, events, metrics };
}

describe('the error reporter', () => {
  it('publishes the failure with its facts and circumstances, and counts it', async () => {
    const { report, events, metrics } = setUp();
    const facts = { subject: 'primary', capability: 'think', context: { status: 429 }, retryAfterMs: 2000 } as const;
    const circumstances = { turnId: 'turn-0001', sessionId: 's-1', userId: 'u-1', performanceData: { durationMs: 5 } };
    const event = report(new ServiceError('LLM_RATE_LIMITED', 'slow down', facts), circumstances);
    assert.deepEqual(events, [event]);
    assert.deepEqual(event, {
      id: event.id,
      service: 'llm-service',
      instanceId: 'instance-1',
      version: '0.1.0',
      code: 'LLM_RATE_LIMITED',
      message: 'slow down',
      occurredAt: '2026-11-24T12:00:00.000Z',
      ...facts,
      ...circumstances,
    });
    assert.match(await metrics.text(), /understudy_errors_total\{.*code="LLM_RATE_LIMITED".*\} 1/);
  });

  it('carries what the configuration lets it carry', () => {
    const failure = new ServiceError('LLM_RATE_LIMITED', 'slow down', { subject: 'primary', context: { status: 429 } });
    const told = (detailed_context: boolean, include_stack_trace: boolean) => {
      const { subject, context, stack } = setUp(undefined, { detailed_context, include_stack_trace }).report(failure);
      return { subject, context, hasStack: stack !== undefined };
    };
    assert.deepEqual(told(true, true), { subject: 'primary', context: { status: 429 }, hasStack: true });
    assert.deepEqual(told(false, false), { subject: 'primary', context: {}, hasStack: false });
  });

  it('leaves the last twenty failures as breadcrumbs, oldest first', () => {
    const { report } = setUp();
    for (let i = 0; i < 25; i += 1) report(new ServiceError('LLM_TIMEOUT', `try ${i}`, { subject: 'primary' }));
    const { breadcrumbs } = report(new ServiceError('LLM_TIMEOUT'));
    const line = (i: number) => `2026-11-24T12:00:00.000Z llm-service/LLM_TIMEOUT/primary: try ${i}`;
    assert.deepEqual(
      breadcrumbs,
      Array.from({ length: 20 }, (_, i) => line(i + 5)),
    );
  });

  it('lets no secret and no viewer’s address into the event', () => {
    registerSecret('planted-secret-0002');
    const { report } = setUp();
    const secret = 'planted-secret-0002 of viewer@example.org';
    report(new ServiceError('LLM_BAD_KEY', secret, { subject: secret }));
    const event = report(new ServiceError('LLM_BAD_KEY', secret, { context: { secret, body: [secret] } }), {
      performanceData: { secret },
    });
    assert.doesNotMatch(JSON.stringify(event), /planted|viewer@/);
  });

  it('never throws, and makes of anything an event that intake takes and NATS carries', () => {
    const { report, events } = setUp();
    const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true });
    const long = fc.string({ maxLength: 3000, size: 'max' });
    const facts = fc.record(
      {
        subject: long,
        capability: fc.constantFrom(...CAPABILITIES),
        context: fc.dictionary(long, anything, { maxKeys: 50 }),
        retryAfterMs: fc.double(),
        cause: anything,
      },
      { requiredKeys: [] },
    );
    const failure = fc
      .tuple(fc.constantFrom(...ERROR_CODES), long, facts)
      .map(([code, message, of]) => new ServiceError(code, message, of));
    const circumstances = fc.record(
      { sessionId: long, userId: long, performanceData: fc.dictionary(long, anything) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(failure, anything), circumstances, (thrown, around) => {
        const checked = validate(JSON.parse(JSON.stringify(report(thrown, around))));
        assert.deepEqual(checked.ok ? '' : checked.reason, '');
      }),
    );
    const circle: Record<string, unknown> = { text: 'x'.repeat(1_000_000) };
    circle['self'] = circle;
    for (let i = 0; i < 60; i += 1) circle[`more-${i}`] = 'y'.repeat(8000);
    report(new ServiceError('LLM_TIMEOUT', 'z'.repeat(100_000), { context: circle }));
    assert.ok(Buffer.byteLength(JSON.stringify(events.at(-1))) < 128 * 1024);
  });

  it('survives a bus that throws', () => {
    const { report } = setUp(() => assert.fail('the bus'));
    assert.equal(report(new Error('first')).code, 'UNEXPECTED_ERROR');
  });
});
