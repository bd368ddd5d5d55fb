import { join } from 'node:path';
import pino from 'pino';
import { SEVERITY, type Severity } from '../contracts/severity.ts';
import { currentTrace } from './active-trace.ts';
import { createConsoleOutput } from './console-output.ts';
import { registerOwnInterfaces } from './known-values.ts';
import type { Metrics } from './metrics.ts';
import { prettyLine } from './pretty-line.ts';
import { redact, redactText } from './redact.ts';
import { createRepeatFolding, type Folded, type LineIdentity } from './repeat-folding.ts';
import { createRotatingFile } from './rotating-file.ts';

export type LogLevel = Severity;

/** The facts of a line; the message stays a short fixed sentence. What is absent is `null`, an absent context `{}`. */
export interface LogFields {
  readonly error_code?: string;
  readonly incident_id?: string;
  readonly user_id?: string;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly performance_data?: Readonly<Record<string, unknown>>;
  readonly err?: unknown;
}

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warning(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  critical(message: string, fields?: LogFields): void;
  /** The same outputs under another `module`. */
  child(module: string): Logger;
  /** A line only when `durationMs` reaches `thresholdMs`: `Performance: OPERATION`. */
  logPerformance(operation: string, durationMs: number, fields?: LogFields): void;
  /** Writes the counts of folded lines, closes the file. Later lines reach the console only. */
  close(): void;
}

export interface LoggerOptions {
  readonly service: string;
  readonly version: string;
  readonly level: LogLevel;
  /** Folder of `SERVICE.log`; none: no file. */
  readonly directory?: string;
  readonly console: 'json' | 'pretty' | 'off';
  readonly thresholdMs?: number;
  readonly maxSizeBytes?: number;
  readonly backupCount?: number;
  readonly sessionId: string;
  /** Counts folded and lost lines. */
  readonly metrics?: Pick<Metrics, 'inc'>;
  /** Lines of one identity (level, module, message, error code, incident) that pass in a window; the rest are counted. */
  readonly folding?: { readonly burst: number; readonly windowMs: number };
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** pino knows levels only in lower case. */
const LEVELS = { critical: 50, error: 40, warning: 30, info: 20, debug: 10 } as const;
const METHOD = { CRITICAL: 'critical', ERROR: 'error', WARNING: 'warning', INFO: 'info', DEBUG: 'debug' } as const;

/** The user's log configuration (user-plan.md, Log Configuration). */
const MAX_SIZE_BYTES = 10 * 1024 * 1024;
const BACKUP_COUNT = 5;
const THRESHOLD_MS = 1000;

/** A conversation passes whole, a loop that repeats one line ten thousand times becomes a few lines and a count. */
const FOLDING = { burst: 20, windowMs: 10_000, maxIdentities: 1000 };

function traceFields(): object {
  const active = currentTrace();
  return active === undefined ? {} : { trace_id: active.traceId, span_id: active.spanId };
}

/** The JSON lines' sink: console and file, each able to fail without the other. */
function createOutputs(options: LoggerOptions, onResumed: (lost: number) => void) {
  const { metrics } = options;
  const lost = (output: 'console' | 'file') => () => metrics?.inc('understudy_log_write_errors_total', { output });
  const terminal = options.console === 'off' ? undefined : createConsoleOutput({ onLost: lost('console') });
  const file =
    options.directory === undefined
      ? undefined
      : createRotatingFile({
          path: join(options.directory, `${options.service}.log`),
          maxSizeBytes: options.maxSizeBytes ?? MAX_SIZE_BYTES,
          generations: options.backupCount ?? BACKUP_COUNT,
          onError: lost('file'),
          onResumed,
        });
  return {
    write(line: string): void {
      file?.write(line);
      terminal?.write(options.console === 'pretty' ? prettyLine(line) : line);
    },
    close: () => file?.close(),
  };
}

/**
 * The one logger of a process: JSON lines with the user's fields, written synchronously to the console and to
 * `DIRECTORY/SERVICE.log` (10 MB, 5 generations), redacted before they are serialised, floods folded. It never throws.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { now = Date.now, thresholdMs = THRESHOLD_MS, metrics } = options;
  const limits = { ...FOLDING, ...options.folding };
  const folding = createRepeatFolding(limits);
  const outputs = createOutputs(options, (lost) => root.warning('Log file is written again', { context: { lost } }));
  registerOwnInterfaces();

  const writer = pino<keyof typeof LEVELS>(
    {
      customLevels: LEVELS,
      useOnlyCustomLevels: true,
      level: METHOD[options.level],
      base: { service: options.service, version: options.version, session_id: options.sessionId },
      messageKey: 'message',
      timestamp: () => `,"timestamp":"${new Date(now()).toISOString()}"`,
      formatters: { level: (level) => ({ level: level.toUpperCase() }) },
      mixin: traceFields,
      // Errors come redacted and plain; pino's own serialiser would read them as errors again and name them `Object`.
      serializers: { err: (err: unknown) => err },
    },
    { write: (line) => outputs.write(line) },
  );

  /** The one place where a line is made: what it holds is redacted here, before it is serialised. */
  function emit(line: LineIdentity, facts: Pick<LogFields, 'context' | 'user_id' | 'performance_data' | 'err'>): void {
    writer[METHOD[line.level]](
      {
        module: line.module,
        error_code: redact(line.error_code),
        context: redact(facts.context ?? {}),
        user_id: redact(facts.user_id ?? null),
        performance_data: redact(facts.performance_data ?? null),
        ...(line.incident_id === null ? {} : { incident_id: redact(line.incident_id) }),
        ...(facts.err === undefined ? {} : { err: redact(facts.err) }),
      },
      redactText(line.message),
    );
  }

  function report(folded: readonly Folded[]): void {
    for (const { line, repeated, since } of folded) {
      metrics?.inc('understudy_log_lines_folded_total', {}, repeated);
      emit(line, { context: { repeated, since: new Date(since) } });
    }
  }

  function write(level: LogLevel, module: string, message: string, fields: LogFields): void {
    if (SEVERITY[level] < SEVERITY[options.level]) return;
    const { error_code = null, incident_id = null } = fields;
    const line: LineIdentity = { level, module, message, error_code, incident_id };
    const { pass, reports } = folding.admit(line, now());
    report(reports);
    if (pass) emit(line, fields);
  }

  const flushTimer = setInterval(() => report(folding.due(now())), limits.windowMs).unref();

  function close(): void {
    clearInterval(flushTimer);
    report(folding.drain());
    outputs.close();
  }

  const forModule = (module: string): Logger => ({
    debug: (message, fields = {}) => write('DEBUG', module, message, fields),
    info: (message, fields = {}) => write('INFO', module, message, fields),
    warning: (message, fields = {}) => write('WARNING', module, message, fields),
    error: (message, fields = {}) => write('ERROR', module, message, fields),
    critical: (message, fields = {}) => write('CRITICAL', module, message, fields),
    child: forModule,
    logPerformance(operation, durationMs, fields = {}) {
      if (durationMs < thresholdMs) return;
      const performance_data = { ...fields.performance_data, operation, duration_ms: durationMs };
      write('INFO', module, `Performance: ${operation}`, { ...fields, performance_data });
    },
    close,
  });

  const root = forModule(options.service);
  return root;
}
