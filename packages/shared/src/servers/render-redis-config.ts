/** Redis reads double quotes with backslash escapes, as JSON writes them. */
const quote = (value: string): string => JSON.stringify(value);

/** Nothing is kept on disk: Redis holds only what may be lost, in 64 MB at the most. */
export function renderRedisConfig(options: {
  host: string;
  port: number;
  password: string;
  folder: string;
  /** The console when it is missing. */
  logFile?: string;
}): string {
  return [
    `bind ${options.host}`,
    `port ${options.port}`,
    'protected-mode yes',
    `requirepass ${quote(options.password)}`,
    'daemonize no',
    `dir ${quote(options.folder)}`,
    `logfile ${quote(options.logFile ?? '')}`,
    'loglevel warning',
    'save ""',
    'appendonly no',
    'maxmemory 64mb',
    'maxmemory-policy allkeys-lru',
    // Its housekeeping, a second: a handful of keys need no ten looks, each of which wakes the processor.
    'hz 1',
    '',
  ].join('\n');
}
