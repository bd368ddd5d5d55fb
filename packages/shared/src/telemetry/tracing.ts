import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  type SpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';

export { currentTrace, type TraceHeaders, traceHeaders } from './active-trace.ts';
export { insideSpan, type Span, type SpanOptions, withSpan } from './span.ts';

export interface TracingOptions {
  readonly service: string;
  readonly version: string;
  /** OTLP over HTTP, for example `http://127.0.0.1:4318`; without it spans have ids and are kept nowhere. */
  readonly endpoint?: string;
  /** A batch of spans is lost: the trace store does not take it. */
  readonly onExportError?: (error: Error | undefined) => void;
}

export interface Tracing {
  /** Sends what waits, for at most `SHUTDOWN_TIMEOUT_MS`, and ends tracing. */
  shutdown(): Promise<void>;
}

const EXPORT_TIMEOUT_MS = 5000;
const EXPORT_INTERVAL_MS = 2000;
const SHUTDOWN_TIMEOUT_MS = 2000;

const SPAN_LIMITS = {
  attributeValueLengthLimit: 1024,
  attributeCountLimit: 64,
  eventCountLimit: 64,
  linkCountLimit: 32,
};

/** The path of OTLP's own default, when the endpoint names only a host. */
function tracesUrl(endpoint: string): string {
  const url = new URL(endpoint);
  if (url.pathname === '/') url.pathname = '/v1/traces';
  return url.href;
}

function reporting(exporter: SpanExporter, onExportError: (error: Error | undefined) => void): SpanExporter {
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.code !== ExportResultCode.SUCCESS) onExportError(result.error);
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
}

/** Loaded only when there is somewhere to send to: the exporter costs memory in every service (toolchain.md). */
async function createProcessors({ endpoint, onExportError = () => {} }: TracingOptions): Promise<SpanProcessor[]> {
  if (endpoint === undefined) return [];
  const url = tracesUrl(endpoint);
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const exporter = reporting(new OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT_MS }), onExportError);
  return [new BatchSpanProcessor({ exporter, scheduledDelayMillis: EXPORT_INTERVAL_MS })];
}

/**
 * Registers tracing for the process; call it once, before the first span.
 * Spans always have ids, so that log lines and answers can name their trace; they are recorded only with an endpoint.
 * @throws TypeError when `endpoint` is no URL
 */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': options.service,
      'service.namespace': 'understudy',
      'service.version': options.version,
    }),
    sampler:
      options.endpoint === undefined ? new AlwaysOffSampler() : new ParentBasedSampler({ root: new AlwaysOnSampler() }),
    spanProcessors: await createProcessors(options),
    spanLimits: SPAN_LIMITS,
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);

  return {
    async shutdown() {
      const late = new Promise<void>((resolve) => setTimeout(resolve, SHUTDOWN_TIMEOUT_MS).unref());
      // A store that is away was reported by `onExportError`; the end of the process does not wait for it.
      await Promise.race([provider.shutdown().catch(() => {}), late]);
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
}
