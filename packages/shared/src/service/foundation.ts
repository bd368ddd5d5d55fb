import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EXIT_BAD_CONFIGURATION, formatProblems, loadConfig } from '../config/index.ts';
import type { ServiceName } from '../contracts/index.ts';
import { createRejectedMessages, type KeepRejected } from '../messaging/index.ts';
import {
  createLogger,
  createMetrics,
  type Logger,
  type Metrics,
  registerSecret,
  startTracing,
  type Tracing,
} from '../telemetry/index.ts';
import { type ConfigHolder, createConfigHolder } from './config-holder.ts';
import { readEnvironment, type ServiceEnvironment } from './service-environment.ts';
import { parkedUntil } from './start-ledger.ts';
import { type OpenLedger, openLedger } from './start-permit.ts';
import { VERSION } from './version.ts';

/** What every process of the bot stands on, the supervisor included. */
export interface Foundation {
  readonly environment: ServiceEnvironment;
  readonly config: ConfigHolder;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  /** One process' life. */
  readonly instanceId: string;
  readonly version: string;
  readonly startedAt: string;
  /** Read before configuration and NATS. */
  readonly ledger: OpenLedger;
  /** Counts, logs and keeps a message that did not match its schema. */
  readonly onRejected: KeepRejected;
}

const UNIT_BYTES: Record<string, number> = { KB: 1024, MB: 1024 * 1024 };
const sizeInBytes = (size: string): number => Number.parseInt(size, 10) * (UNIT_BYTES[size.slice(-2)] ?? 1);

/** A wrong configuration or environment ends the process here, with the place and the remedy: exit 78. */
function refuseToStart(message: string): never {
  process.stderr.write(`${message}\n`);
  process.send?.({ type: 'refused', message });
  process.exit(EXIT_BAD_CONFIGURATION);
}

/**
 * A runtime that starts again whatever ends (Docker) would do so for ever: when the ledger says that the starts are spent, the process
 * idles as a parked one does, and ends then.
 */
async function refuseConfiguration(message: string, ledger: OpenLedger): Promise<never> {
  ledger.keep({ endedCleanly: true });
  const parked = parkedUntil(ledger.current(), Date.now());
  if (parked) {
    process.stderr.write(`${message}\nToo many starts with it: idling until ${parked.until}\n`);
    await delay(Math.max(0, Date.parse(parked.until) - Date.now()));
  }
  return refuseToStart(message);
}

export async function layFoundation(service: ServiceName): Promise<Foundation> {
  const environment = readOrRefuse(() => readEnvironment(service));
  const ledger = openLedger(environment.dataFolder, Date.now());
  const loaded = loadConfig(environment.configFile);
  if (!loaded.ok) return refuseConfiguration(formatProblems(loaded.problems), ledger);
  const { logging, tracing } = loaded.config;
  for (const secret of [environment.token, environment.natsPassword]) registerSecret(secret);
  if (environment.redisUrl) registerSecret(new URL(environment.redisUrl).password);
  mkdirSync(environment.dataFolder, { recursive: true });
  const metrics = createMetrics({ service, version: VERSION });
  const logger = createLogger({
    service,
    version: VERSION,
    level: logging.level,
    console: logging.output.console ? (environment.console ?? logging.format) : 'off',
    ...(environment.logsFolder ? { directory: environment.logsFolder } : {}),
    thresholdMs: logging.performance.enabled ? logging.performance.threshold_ms : Number.POSITIVE_INFINITY,
    maxSizeBytes: logging.rotation.enabled ? sizeInBytes(logging.rotation.max_size) : Number.POSITIVE_INFINITY,
    backupCount: logging.rotation.backup_count,
    sessionId: randomUUID(),
    metrics,
  });
  const endpoint = environment.otlpEndpoint ?? tracing.endpoint;
  const keep = createRejectedMessages(join(environment.dataFolder, 'rejected'));
  return {
    environment,
    ledger,
    config: createConfigHolder(environment.configFile, loaded),
    logger,
    metrics,
    tracing: await startTracing({
      service,
      version: VERSION,
      ...(endpoint ? { endpoint } : {}),
      sampleRatio: tracing.sample_ratio,
      onExportError: () => metrics.inc('understudy_trace_export_errors_total'),
    }),
    instanceId: randomUUID(),
    version: VERSION,
    startedAt: new Date().toISOString(),
    onRejected(message) {
      metrics.inc('understudy_bad_input_total', { edge: 'nats', reason: 'schema' });
      logger.warning('Message rejected', { context: { subject: message.subject, reason: message.reason } });
      keep(message);
    },
  };
}

function readOrRefuse<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    return refuseToStart(error instanceof Error ? error.message : String(error));
  }
}
