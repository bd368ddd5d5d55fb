import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { createLogger, type LoggerOptions } from './logger.ts';
import { registerSecret } from './redact.ts';
import { currentTrace, startTracing, withSpan } from './tracing.ts';

const NOW = Date.parse('2026-11-24T10:00:00.123Z');

/** What every line of these tests has; a test's line states the rest. */
const COMMON = {
  timestamp: '2026-11-24T10:00:00.123Z',
  service: 'llm-service',
  version: '1.2.3',
  session_id: 'session-1',
  module: 'llm-service',
  error_code: null,
  context: {},
  user_id: null,
  performance_data: null,
};

function logging(t: TestContext, options: Partial<LoggerOptions> = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'understudy-logger-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const counted: [string, number][] = [];
  const logger = createLogger({
    service: 'llm-service',
    version: '1.2.3',
    level: 'DEBUG',
    directory,
    console: 'off',
    sessionId: 'session-1',
    now: () => NOW,
    metrics: { inc: (name, ...[, by = 1]) => counted.push([name, by]) },
    ...options,
  });
  const text = () => readFileSync(join(directory, 'llm-service.log'), 'utf8');
  const lines = (): unknown[] =>
    text()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  return { logger, counted, text, lines };
}

test('a line has the user\u2019s fields, each level its name, a child its module', (t) => {
  const { logger, lines } = logging(t);
  logger.debug('Cache looked up');
  logger.info('Reply delivered', { user_id: 'viewer-7', context: { turnId: 't-1' } });
  logger.warning('Provider failed', { error_code: 'LLM_TIMEOUT', incident_id: 'i-1' });
  logger.child('ladder').error('Ladder is spent', { performance_data: { duration_ms: 12 } });
  logger.critical('Configuration is refused');
  assert.deepEqual(lines(), [
    { ...COMMON, level: 'DEBUG', message: 'Cache looked up' },
    { ...COMMON, level: 'INFO', message: 'Reply delivered', user_id: 'viewer-7', context: { turnId: 't-1' } },
    { ...COMMON, level: 'WARNING', message: 'Provider failed', error_code: 'LLM_TIMEOUT', incident_id: 'i-1' },
    { ...COMMON, level: 'ERROR', message: 'Ladder is spent', module: 'ladder', performance_data: { duration_ms: 12 } },
    { ...COMMON, level: 'CRITICAL', message: 'Configuration is refused' },
  ]);
});

test('lines under the level are not written', (t) => {
  const { logger, lines } = logging(t, { level: 'WARNING' });
  logger.info('Reply delivered');
  logger.warning('Provider failed');
  assert.deepEqual(lines(), [{ ...COMMON, level: 'WARNING', message: 'Provider failed' }]);
});

test('a slow operation gets a line from the threshold on', (t) => {
  const { logger, lines } = logging(t);
  logger.logPerformance('llm.reply', 999);
  logger.logPerformance('llm.reply', 1000, { user_id: 'viewer-7' });
  assert.deepEqual(lines(), [
    {
      ...COMMON,
      level: 'INFO',
      message: 'Performance: llm.reply',
      user_id: 'viewer-7',
      performance_data: { operation: 'llm.reply', duration_ms: 1000 },
    },
  ]);
});

test('a planted key and a viewer\u2019s address never reach the file, wherever they stand', (t) => {
  const { logger, lines, text } = logging(t);
  const key = 'sk-planted0123456789';
  const password = 'planted horse battery';
  const viewer = '203.0.113.77';
  registerSecret(password);
  const err = new Error(`401 for ${key} from ${viewer}`, { cause: { password, url: `http://u:${password}@host/` } });
  err.stack = `Error: 401 for ${key}\n    at ${viewer}`;
  logger.error(`Call with ${key} by viewer@example.org failed`, {
    error_code: key,
    incident_id: viewer,
    user_id: viewer,
    context: { [viewer]: { apiKey: 'x1', list: [key, password] } },
    performance_data: { from: viewer },
    err,
  });
  assert.deepEqual(lines(), [
    {
      ...COMMON,
      level: 'ERROR',
      message: 'Call with [redacted] by [email] failed',
      error_code: '[redacted]',
      incident_id: '[ip]',
      user_id: '[ip]',
      context: { '[ip]': { apiKey: '[redacted]', list: ['[redacted]', '[redacted]'] } },
      performance_data: { from: '[ip]' },
      err: {
        type: 'Error',
        message: '401 for [redacted] from [ip]',
        stack: 'Error: 401 for [redacted]\n    at [ip]',
        cause: { password: '[redacted]', url: 'http://[redacted]@host/' },
      },
    },
  ]);
  assert.doesNotMatch(text(), /planted|203\.0\.113|viewer@/);
});

test('a flood of one line becomes its burst and a count, and the count is a metric', (t) => {
  const { logger, counted, lines } = logging(t, { folding: { burst: 2, windowMs: 60_000 } });
  for (let n = 0; n < 10_000; n += 1) logger.error('Send failed', { error_code: 'OSC_SEND_FAILED', context: { n } });
  logger.close();
  const line = { ...COMMON, level: 'ERROR', message: 'Send failed', error_code: 'OSC_SEND_FAILED' };
  assert.deepEqual(lines(), [
    { ...line, context: { n: 0 } },
    { ...line, context: { n: 1 } },
    { ...line, context: { repeated: 9998, since: '2026-11-24T10:00:00.123Z' } },
  ]);
  assert.deepEqual(counted, [['understudy_log_lines_folded_total', 9998]]);
});

test('the count of folded lines is redacted as the lines are', (t) => {
  const { logger, text } = logging(t, { folding: { burst: 1, windowMs: 60_000 } });
  for (let n = 0; n < 3; n += 1)
    logger.error('Call to planted@example.org failed', { error_code: 'sk-planted0123456789' });
  logger.close();
  assert.match(text(), /"repeated":2/);
  assert.doesNotMatch(text(), /planted/);
});

test('within a span a line names its trace, outside it does not', async (t) => {
  const tracing = await startTracing({ service: 'llm-service', version: '1.2.3' });
  t.after(() => tracing.shutdown());
  const { logger, lines } = logging(t);
  const active = await withSpan('llm.reply', {}, () => {
    logger.info('Inside');
    return currentTrace();
  });
  logger.info('Outside');
  assert.deepEqual(lines(), [
    { ...COMMON, level: 'INFO', message: 'Inside', trace_id: active?.traceId, span_id: active?.spanId },
    { ...COMMON, level: 'INFO', message: 'Outside' },
  ]);
});

test('a folder that cannot be written is counted and breaks nothing', (t) => {
  const { logger, counted } = logging(t, { directory: '/dev/null/logs' });
  logger.info('Reply delivered');
  assert.deepEqual(counted, [
    ['understudy_log_write_errors_total', 1],
    ['understudy_log_write_errors_total', 1],
  ]);
});

test('a SIGKILL in the middle of a burst loses no line, on the console or in the file, across rotations', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'understudy-burst-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'logger-child.fixture.ts'), directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    printed += chunk;
    if (printed.includes('"Line 3000"')) child.kill('SIGKILL');
  });
  await once(child, 'close');

  const numberOf = (line: string): number => Number(/"Line (\d+)"/.exec(line)?.[1]);
  const complete = (text: string): number[] => text.split('\n').slice(0, -1).map(numberOf);
  const generation = (name: string): number => Number(/\.log\.(\d+)/.exec(name)?.[1] ?? 0);
  const names = readdirSync(directory).filter((name) => !name.endsWith('.tmp'));
  const newest = new Map(names.sort().map((name) => [generation(name), name]));
  const filed = [...newest.keys()]
    .sort((a, b) => b - a)
    .flatMap((key) => {
      const name = newest.get(key) ?? '';
      const bytes = readFileSync(join(directory, name));
      return complete((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString());
    });
  const heard = complete(printed);
  assert.ok(newest.size > 3 && heard.length > 3000);
  assert.deepEqual(
    filed,
    Array.from({ length: filed.length }, (_, n) => n),
  );
  assert.deepEqual(
    heard,
    Array.from({ length: heard.length }, (_, n) => n),
  );
  // The file is written before the console.
  assert.ok(filed.length >= heard.length && filed.length - heard.length <= 1, `${filed.length} of ${heard.length}`);
});
