export { createLogger, type LogFields, type Logger, type LoggerOptions, type LogLevel } from './logger.ts';
export {
  type CounterName,
  type GaugeName,
  type HistogramName,
  type LabelsOf,
  METRICS,
  type MetricName,
  type MetricRow,
  severityLabel,
} from './metric-table.ts';
export { createMetrics, type GaugeSeries, type Metrics } from './metrics.ts';
export { redact, redactText, registerOwnHost, registerSecret } from './redact.ts';
export { createRotatingFile, type RotatingFile, type RotatingFileOptions } from './rotating-file.ts';
export {
  currentTrace,
  insideSpan,
  keepTrace,
  type Span,
  type SpanOptions,
  sendingHeaders,
  startTracing,
  type TraceHeaders,
  type Tracing,
  type TracingOptions,
  traceHeaders,
  withSpan,
} from './tracing.ts';
