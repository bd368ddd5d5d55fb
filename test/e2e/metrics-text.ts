/**
 * The sum of all series of a metric that carry these labels, from the text of `/metrics`; 0 when there is none.
 * @param name with its suffix, as printed: `error_count_total`, `response_time_seconds_count`
 */
export function sumOf(text: string, name: string, labels: Readonly<Record<string, string>> = {}): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  let sum = 0;
  for (const line of text.split('\n')) {
    const series = /^(\w+)(?:\{(.*?)\})? ([^ ]+)/.exec(line);
    if (series?.[1] !== name) continue;
    const given = (series[2] ?? '').split(/,(?=\w+=")/);
    if (wanted.every((label) => given.includes(label))) sum += Number(series[3]);
  }
  return sum;
}
