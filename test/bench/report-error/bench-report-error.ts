import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ServiceError } from '@understudy/shared/errors';
import { createServiceBus } from '@understudy/shared/messaging';
import { createErrorReporter } from '@understudy/shared/service';
import { createLogger, createMetrics } from '@understudy/shared/telemetry';
import { waitFor } from '@understudy/shared/testing';
import pino from 'pino';
import { Counter, Registry } from 'prom-client';
import { type BenchRow, inUs, times } from '../bench-row.ts';
import { measureInterleaved, type Rounds } from '../measure-interleaved.ts';
import { median, quantile } from '../quantile.ts';
import { startBus } from '../start-bus.ts';

const LIMIT_US = 25;
const SERVICE = 'llm-service';

/** As an adapter throws it. No two have one message, else the logger would fold them, which is cheaper. */
function makeError(number: number): ServiceError {
  const cause = new Error(`socket hang up (${number})`);
  return new ServiceError('LLM_UNREACHABLE', `Provider main cannot be reached, try ${number}.`, {
    subject: 'main',
    context: { provider: 'main', status: 502, attempt: number },
    cause,
  });
}

/** The least that a program writes about an error: one line of pino into a file, one counter. */
function createBareReport(folder: string) {
  const logger = pino({}, pino.destination({ dest: join(folder, 'bare.log'), sync: true }));
  const counter = new Counter({
    name: 'errors_total',
    help: 'Errors.',
    labelNames: ['code'],
    registers: [new Registry()],
  });
  return (error: ServiceError): void => {
    logger.error({ err: error.cause, error_code: error.code, context: error.facts.context }, error.message);
    counter.inc({ code: error.code });
  };
}

/** (c) Logged into the file (console off), counted, and handed to the bus, whose NATS takes it between the samples. */
export async function benchReportError(rounds: Rounds): Promise<BenchRow[]> {
  const { nats, stop } = await startBus();
  const folder = mkdtempSync(join(tmpdir(), 'understudy-bench-'));
  const version = '0.1.0';
  const metrics = createMetrics({ service: SERVICE, version });
  const logger = createLogger({
    service: SERVICE,
    version,
    level: 'INFO',
    directory: folder,
    console: 'off',
    sessionId: 'bench',
    metrics,
  });
  const bus = createServiceBus({
    bot: 'main',
    service: SERVICE,
    address: nats.address(SERVICE),
    outboxFile: join(folder, 'outbox.jsonl'),
    observed: () => ({}),
    onRejected: () => {},
    onOutboxDropped: () => {},
    onHandlerError: () => {},
  });
  await waitFor(() => bus.isConnected(), 'the bus of the bench');
  const report = createErrorReporter({
    service: SERVICE,
    instanceId: 'bench-instance',
    version,
    now: Date.now,
    logger,
    metrics,
    details: () => ({ detailed_context: true, include_stack_trace: true }),
    publish: (event) => bus.enqueueError(event),
  });
  const bareReport = createBareReport(folder);
  let number = 0;
  /** Microseconds on the caller's side; what goes on afterwards, in later turns of the event loop, is not the caller's. */
  const timed = (work: (error: ServiceError) => unknown) => async () => {
    const error = makeError(++number);
    const began = performance.now();
    work(error);
    const tookUs = (performance.now() - began) * 1000;
    await nextTurn();
    return tookUs;
  };
  try {
    const samples = await measureInterleaved(rounds, { report: timed(report), bare: timed(bareReport) });
    return [rowOf(samples.report, samples.bare)];
  } finally {
    await bus.close();
    logger.close();
    await stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowOf(report: readonly number[], bare: readonly number[]): BenchRow {
  const [p50, bareP50] = [median(report), median(bare)];
  return {
    id: 'c',
    what: 'one error logged, counted and published, on the caller’s side, p50',
    result: `${inUs(p50)} (p99 ${inUs(quantile(report, 0.99))}), ${times(p50 / bareP50)}`,
    baseline: `one line of bare pino and one counter: ${inUs(bareP50)}`,
    target: `<= ${LIMIT_US} us`,
    isMet: p50 <= LIMIT_US,
  };
}
