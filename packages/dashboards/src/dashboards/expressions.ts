/**
 * How often a counter was counted within the window, the very first time included: a counter whose labels are not known beforehand is
 * born with its first event, and `increase` sees no rise in that.
 */
export function countIn(counter: string, window: string, by: readonly string[]): string {
  const rise = `increase(${counter}[${window}])`;
  const firsts = `(min_over_time(${counter}[${window}]) unless ${counter} offset ${window})`;
  return `sum by (${by.join(', ')}) (${rise} + (${firsts} or 0 * ${rise}))`;
}

/** A second, of those series alone that have counted anything: counters are born at zero, and a legend of zeros hides the rest. */
export const rateOfSeen = (counter: string, by: readonly string[]): string =>
  `(sum by (${by.join(', ')}) (rate(${counter}[1m])) and sum by (${by.join(', ')}) (${counter}) > 0)`;

/** Inputs that got an answer; the label `source` of those that did not is `none`. */
export const ANSWERED = 'understudy_answer_duration_seconds_count{source!="none"}';

/** @param metric a histogram, with its selector if it has one: `name` or `name{a="b"}` */
export function quantile(q: number, metric: string, window: string, by: readonly string[] = []): string {
  const [name = '', selector = ''] = metric.split(/(?=\{)/);
  return `histogram_quantile(${q}, sum by (${[...by, 'le'].join(', ')}) (rate(${name}_bucket${selector}[${window}])))`;
}

/** Waits are judged over the answers that came: those that did not have no length. */
export const answerQuantile = (q: number, window: string): string =>
  quantile(q, 'understudy_answer_duration_seconds{source!="none"}', window);
