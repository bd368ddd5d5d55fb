import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { traceContextPropagator } from './trace-context.ts';
import type { TracingOptions } from './tracing-options.ts';
import { unrecordedSpans } from './unrecorded-spans.ts';

export { currentTrace, keepTrace, type TraceHeaders, traceHeaders } from './active-trace.ts';
export { insideSpan, type Span, type SpanOptions, sendingHeaders, withSpan } from './span.ts';
export type { TracingOptions } from './tracing-options.ts';

export interface Tracing {
  /** Sends what waits, for at most `SHUTDOWN_TIMEOUT_MS`, and ends tracing. */
  shutdown(): Promise<void>;
}

const SHUTDOWN_TIMEOUT_MS = 2000;

/** The SDK is loaded only when there is somewhere to send to: it and its exporter cost each process 6 MB. */
async function createProvider({ endpoint, ...options }: TracingOptions) {
  if (endpoint === undefined) return { provider: unrecordedSpans, shutdown: async () => {} };
  const { createRecordedSpans } = await import('./recorded-spans.ts');
  const provider = createRecordedSpans({ ...options, endpoint });
  return { provider, shutdown: () => provider.shutdown() };
}

/**
 * Registers tracing for the process; call it once, before the first span.
 * Spans always have ids, so that log lines and answers can name their trace; they are recorded only with an endpoint.
 * @throws TypeError when `endpoint` is no URL
 */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const { provider, shutdown } = await createProvider(options);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(traceContextPropagator);
  trace.setGlobalTracerProvider(provider);

  return {
    async shutdown() {
      const late = new Promise<void>((resolve) => setTimeout(resolve, SHUTDOWN_TIMEOUT_MS).unref());
      // A store that is away was reported by `onExportError`; the end of the process does not wait for it.
      await Promise.race([shutdown().catch(() => {}), late]);
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
}
