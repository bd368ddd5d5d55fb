import { ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import { createFailureKeeper } from './failure-keeper.ts';
import { createTraceSampler } from './trace-sampler.ts';
import type { TracingOptions } from './tracing-options.ts';

const EXPORT_TIMEOUT_MS = 5000;
const EXPORT_INTERVAL_MS = 2000;

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

/** Spans that are sent to a trace store. @throws TypeError when `endpoint` is no URL */
export function createRecordedSpans({
  service,
  version,
  endpoint,
  sampleRatio = 1,
  onExportError = () => {},
}: TracingOptions & { readonly endpoint: string }): TracerProvider {
  const url = tracesUrl(endpoint);
  const exporter = reporting(new OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT_MS }), onExportError);
  return new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': service,
      'service.namespace': 'understudy',
      'service.version': version,
    }),
    sampler: createTraceSampler(sampleRatio),
    spanProcessors: [
      createFailureKeeper(new BatchSpanProcessor({ exporter, scheduledDelayMillis: EXPORT_INTERVAL_MS })),
    ],
    spanLimits: SPAN_LIMITS,
  });
}
