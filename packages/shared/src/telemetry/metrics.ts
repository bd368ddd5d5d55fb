import { Counter, collectDefaultMetrics, Gauge, Histogram, type OpenMetricsContentType, Registry } from 'prom-client';
import { sampledTrace } from './active-trace.ts';
import {
  type CounterName,
  type GaugeName,
  type HistogramName,
  type LabelsOf,
  METRICS,
  type MetricName,
  type MetricRow,
  OPEN,
} from './metric-table.ts';

type Labels = Readonly<Record<string, string>>;
type IncArguments<N extends CounterName> =
  LabelsOf<N> extends Readonly<Record<string, never>>
    ? [labels?: LabelsOf<N>, by?: number]
    : [labels: LabelsOf<N>, by?: number];

export interface GaugeSeries<N extends GaugeName> {
  readonly labels: LabelsOf<N>;
  readonly value: number;
}

/**
 * The process's metrics, typed by the table: another name or a wrong label is a type error.
 * None of these throws: a value that is no finite number (or negative for a counter) is dropped and counted.
 */
export interface Metrics {
  inc<N extends CounterName>(name: N, ...labelsAndBy: IncArguments<N>): void;
  set<N extends GaugeName>(name: N, labels: LabelsOf<N>, value: number): void;
  /**
   * A gauge whose series come and go (one an incident): these rows are all that it has from now on. No rows: it says nothing, which is
   * what to do when its value cannot be read.
   */
  replace<N extends GaugeName>(name: N, rows: readonly GaugeSeries<N>[]): void;
  /** Attaches the active trace as exemplar when that trace is kept. */
  observe<N extends HistogramName>(name: N, labels: LabelsOf<N>, value: number): void;
  /** A series that is known beforehand (a configured provider) starts at zero, so that its first event is an increase. */
  zero<N extends CounterName | HistogramName>(name: N, labels: LabelsOf<N>): void;
  /** For paths that run per packet or frame: counts in a plain number, handed on when the metrics are read. */
  bindCounter<N extends CounterName>(name: N, labels: LabelsOf<N>): () => void;
  /** For paths that run per packet or frame: no exemplar. */
  bindHistogram<N extends HistogramName>(name: N, labels: LabelsOf<N>): (value: number) => void;
  /** The OpenMetrics text. */
  text(): Promise<string>;
  readonly contentType: OpenMetricsContentType;
}

/** Every combination of the labels' values, or none when a label's values are not known beforehand. */
export function knownLabelSets(row: MetricRow): Labels[] {
  let sets: Labels[] = [{}];
  for (const [label, values] of Object.entries(row.labels)) {
    if (values === OPEN) return [];
    sets = sets.flatMap((set) => values.map((value) => ({ ...set, [label]: value })));
  }
  return sets;
}

/** prom-client wakes up a hundred times a second for its own event-loop metrics; `understudy_event_loop_delay_seconds` says it better. */
const EVENT_LOOP_MONITORING_MS = 10_000;

type Instrument = Counter | Gauge | Histogram;

/** Without any series: prom-client starts and resets a gauge without labels at 0, which would claim something that nobody has measured. */
function clear(gauge: Gauge): void {
  gauge.reset();
  gauge.remove({});
}

function createInstrument(name: string, row: MetricRow, registry: Registry<OpenMetricsContentType>): Instrument {
  const configuration = { name, help: row.help, labelNames: Object.keys(row.labels), registers: [registry] };
  switch (row.type) {
    case 'counter':
      return new Counter(configuration);
    case 'gauge': {
      const gauge = new Gauge(configuration);
      clear(gauge);
      return gauge;
    }
    case 'histogram':
      return new Histogram({
        ...configuration,
        enableExemplars: true,
        ...(row.buckets === undefined ? {} : { buckets: [...row.buckets] }),
      });
  }
}

function bear(instrument: Instrument, labels: Labels): void {
  if (instrument instanceof Counter) instrument.inc(labels, 0);
  if (instrument instanceof Histogram) instrument.zero(labels);
}

/** @param options.service becomes the label `service` of every series */
export function createMetrics(options: { readonly service: string; readonly version: string }): Metrics {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  registry.setDefaultLabels({ service: options.service });
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_MONITORING_MS });
  for (const { name } of registry.getMetricsAsArray())
    if (name.startsWith('nodejs_eventloop_lag_')) registry.removeSingleMetric(name);

  const instruments = new Map<MetricName, Instrument>();
  const handles = new Map<string, () => void>();
  const drains: (() => void)[] = [];

  function instrumentOf(name: MetricName): Instrument {
    const known = instruments.get(name);
    if (known !== undefined) return known;
    const instrument = createInstrument(name, METRICS[name], registry);
    instruments.set(name, instrument);
    return instrument;
  }

  function reject(metric: string): void {
    const counter = instrumentOf('understudy_metric_values_rejected_total');
    if (counter instanceof Counter) counter.inc({ metric });
  }

  function increase(name: CounterName, labels: Labels, by: number): void {
    const counter = instrumentOf(name);
    if (!(counter instanceof Counter)) return;
    if (Number.isFinite(by) && by >= 0) counter.inc(labels, by);
    else reject(name);
  }

  function set(name: GaugeName, labels: Labels, value: number): void {
    const gauge = instrumentOf(name);
    if (!(gauge instanceof Gauge)) return;
    if (Number.isFinite(value)) gauge.set(labels, value);
    else reject(name);
  }

  for (const [name, row] of Object.entries(METRICS) as [MetricName, MetricRow][]) {
    if (row.owners !== undefined && !row.owners.some((owner) => owner === options.service)) continue;
    const instrument = instrumentOf(name);
    for (const labels of knownLabelSets(row)) bear(instrument, labels);
  }
  set('understudy_build_info', { version: options.version }, 1);

  return {
    inc(name, ...[labels = {}, by = 1]) {
      increase(name, labels, by);
    },
    set,
    replace(name, rows) {
      const gauge = instrumentOf(name);
      if (!(gauge instanceof Gauge)) return;
      clear(gauge);
      for (const { labels, value } of rows) set(name, labels, value);
    },
    observe(name, labels, value) {
      const histogram = instrumentOf(name);
      if (!(histogram instanceof Histogram)) return;
      const exemplar = sampledTrace();
      if (!Number.isFinite(value)) reject(name);
      else histogram.observe({ labels, value, ...(exemplar === undefined ? {} : { exemplarLabels: exemplar }) });
    },
    zero(name, labels) {
      bear(instrumentOf(name), labels);
    },
    bindCounter(name, labels) {
      const key = `${name}${JSON.stringify(labels)}`;
      const known = handles.get(key);
      if (known !== undefined) return known;
      let pending = 0;
      const count = (): void => {
        pending += 1;
      };
      increase(name, labels, 0);
      drains.push(() => {
        increase(name, labels, pending);
        pending = 0;
      });
      handles.set(key, count);
      return count;
    },
    bindHistogram(name, labels) {
      const histogram = instrumentOf(name);
      if (!(histogram instanceof Histogram)) return () => {};
      const series = histogram.labels(labels);
      return (value) => {
        if (Number.isFinite(value)) series.observe(value);
        else reject(name);
      };
    },
    async text() {
      for (const drain of drains) drain();
      set('memory_usage_bytes', {}, process.memoryUsage.rss());
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}
