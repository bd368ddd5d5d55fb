/** What the stack around this supervisor is told by; nothing of it exists natively. */
export interface MonitoringEnvironment {
  /** Holds `prometheus/` and `alertmanager/`, as the setup wrote them. */
  readonly renderedFolder: string;
  /** Base URLs of the programs that read them. */
  readonly readers: readonly string[];
}

/** From `UNDERSTUDY_RENDERED`, `UNDERSTUDY_PROMETHEUS_URL` and `UNDERSTUDY_ALERTMANAGER_URL`. */
export function readMonitoringEnvironment(env: NodeJS.ProcessEnv): MonitoringEnvironment | undefined {
  const renderedFolder = env['UNDERSTUDY_RENDERED'];
  if (!renderedFolder) return undefined;
  const readers = [env['UNDERSTUDY_PROMETHEUS_URL'], env['UNDERSTUDY_ALERTMANAGER_URL']];
  return { renderedFolder, readers: readers.filter((url) => url !== undefined && url !== '') as string[] };
}
