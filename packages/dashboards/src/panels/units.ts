/** Units as Grafana names them. One for each quantity, so that the same thing reads the same everywhere. */
export const UNITS = {
  count: 'short',
  seconds: 's',
  milliseconds: 'ms',
  bytes: 'bytes',
  /** 0 to 1, shown as 0 to 100 %. */
  share: 'percentunit',
  perSecond: 'suffix:/s',
  perMinute: 'suffix:/min',
  packetsPerSecond: 'pps',
  /** Milliseconds since 1970, shown as "3 minutes ago". */
  ago: 'dateTimeFromNow',
  date: 'dateTimeAsLocal',
  /** Already words. */
  words: 'string',
} as const;
export type Unit = (typeof UNITS)[keyof typeof UNITS];
