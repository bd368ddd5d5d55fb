import { METRICS, type MetricName, type MetricRow } from '@understudy/shared/telemetry';

/** One sample of `/metrics`. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const SAMPLE = /^(\w+)(?:\{((?:\w+="(?:[^"\\]|\\.)*",?)*)\})? (\S+)/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

export function parseSamples(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
    if (name === undefined) return [];
    const pairs = [...labels.matchAll(LABEL)].map(([, label = '', text = '']) => [label, text] as const);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
}

/** How the samples of a row are called: OpenMetrics ends each counter with `_total`. */
export function sampleName(name: MetricName): string {
  const { type }: MetricRow = METRICS[name];
  if (type === 'histogram') return `${name}_count`;
  return type === 'counter' && !name.endsWith('_total') ? `${name}_total` : name;
}

/** As Prometheus' older text format has it, which `promtool check metrics` reads: counters under their sample's name, no exemplars. */
export function withoutOpenMetrics(text: string): string {
  const counters = new Set([...text.matchAll(/^# TYPE (\w+) counter$/gm)].map(([, name]) => name));
  return text
    .replaceAll(/^# EOF$/gm, '')
    .replaceAll(/ # \{.*$/gm, '')
    .replaceAll(/^# (HELP|TYPE) (\w+) /gm, (line, word: string, name: string) =>
      counters.has(name) ? `# ${word} ${name}_total ` : line,
    );
}
