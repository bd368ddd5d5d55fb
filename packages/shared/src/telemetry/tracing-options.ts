export interface TracingOptions {
  readonly service: string;
  readonly version: string;
  /** OTLP over HTTP, for example `http://127.0.0.1:4318`; without it spans have ids and are kept nowhere. */
  readonly endpoint?: string;
  /** Share of the traces that are kept, 0 to 1; those of failures and recoveries always are. Absent: all. */
  readonly sampleRatio?: number;
  /** A batch of spans is lost: the trace store does not take it. */
  readonly onExportError?: (error: Error | undefined) => void;
}
