/** How long the live test and the parsers take `$__range` to be. */
const MACROS: readonly (readonly [string, string])[] = [
  ['$__rate_interval', '30s'],
  ['$__range', '5m'],
  ['$__interval', '1m'],
  ['$incident', '.+'],
  ['$level', '.+'],
  ['$text', ''],
];

/** A query as Grafana would send it. @param service what `$service` stands for */
export const fillIn = (expr: string, service: string): string =>
  [...MACROS, ['$service', service] as const].reduce((text, [macro, value]) => text.replaceAll(macro, value), expr);
