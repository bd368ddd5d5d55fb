/**
 * The PC beside the stack. Metric names are those of windows_exporter and node_exporter; Prometheus scrapes whichever answers.
 */
export const HOST_PROCESSOR_SHARE = [
  '1 - avg(rate(windows_cpu_time_total{mode="idle"}[1m]))',
  '1 - avg(rate(node_cpu_seconds_total{mode="idle"}[1m]))',
].join(' or ');

export const HOST_MEMORY_SHARE = [
  '1 - max(windows_memory_physical_free_bytes) / max(windows_memory_physical_total_bytes)',
  '1 - max(node_memory_MemAvailable_bytes) / max(node_memory_MemTotal_bytes)',
].join(' or ');

export const HOST_NOTE = [
  'Inside Docker Desktop only its own virtual machine can be seen, not the PC with the game. To see the PC, run on it:',
  '- Windows: **windows_exporter** (port 9182)',
  '- Linux: **node_exporter** (port 9100)',
  '',
  'It then shows here by itself.',
].join('\n');
