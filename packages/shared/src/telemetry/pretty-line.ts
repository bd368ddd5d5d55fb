const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const show = (value: unknown): string =>
  typeof value === 'string' && !/[\s="]/.test(value) ? value : JSON.stringify(value);

/** Facts that a person at the terminal has no use for on every line. */
const HIDDEN = new Set([
  'timestamp',
  'level',
  'message',
  'module',
  'service',
  'version',
  'session_id',
  'span_id',
  'context',
  'performance_data',
  'err',
]);

/** One readable line of a JSON log line: `15:01:27.123 WARNING llm-service/ladder  Provider failed  error_code=LLM_TIMEOUT`. */
export function prettyLine(json: string): string {
  const record: unknown = JSON.parse(json);
  if (!isRecord(record)) return json;
  const facts = Object.entries({
    ...record,
    ...(isRecord(record['context']) ? record['context'] : {}),
    ...(isRecord(record['performance_data']) ? record['performance_data'] : {}),
  }).filter(([name, value]) => !HIDDEN.has(name) && value !== null);
  const time = String(record['timestamp']).slice(11, 23);
  const head = `${time} ${String(record['level']).padEnd(8)} ${record['service']}/${record['module']}  ${record['message']}`;
  const tail = facts.map(([name, value]) => `${name}=${show(value)}`).join(' ');
  const error = isRecord(record['err']) ? `\n  ${record['err']['stack'] ?? record['err']['message']}` : '';
  return `${head}${tail === '' ? '' : `  ${tail}`}${error}\n`;
}
