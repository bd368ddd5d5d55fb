import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { createLogger, type Logger } from '@understudy/shared/telemetry';
import { waitFor } from '@understudy/shared/testing';
import { findProgram, whyNot } from '../programs/find-program.ts';
import { createLogPipeline } from './log-pipeline.ts';

const fluentBit = findProgram('fluent-bit');
const loki = findProgram('loki');
const LIMIT_MS = 120_000;

interface Alert {
  readonly labels: { readonly alertname: string; readonly service: string; readonly severity: string };
  readonly annotations: { readonly summary: string };
}

/** Stands where Alertmanager stands and keeps what it is told. */
async function startAlertmanager(t: TestContext) {
  const alerts: Alert[] = [];
  const server = createServer(async (request, response) => {
    alerts.push(...((await json(request)) as Alert[]));
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, alerts };
}

test('each log rule fires for its line and for no other', { skip: whyNot([fluentBit, loki]) }, async (t) => {
  const alertmanager = await startAlertmanager(t);
  const pipeline = await createLogPipeline(fluentBit, loki, alertmanager.url);
  t.after(() => pipeline.stop());
  const log = (service: string, write: (logger: Logger) => void) => {
    const options = { service, version: '0', level: 'DEBUG', console: 'off', sessionId: 'test' } as const;
    const logger = createLogger({ ...options, directory: pipeline.logsFolder });
    write(logger);
    logger.close();
  };
  log('audio-gateway', (logger) => logger.error("An input is the bot's own output and is never opened"));
  log('cv-service', (logger) => {
    logger.error('The camera is gone', { error_code: 'CV_CAMERA_LOST' });
    logger.critical('It is bad', { incident_id: 'i-1' });
    logger.critical('Parked');
    logger.warning('Notice', { context: { url: 'http://user:pass@127.0.0.1/', key: `sk-${'a'.repeat(30)}` } });
  });
  log('supervisor', (logger) => logger.critical('The supervisor ends', { err: new Error('a defect') }));
  pipeline.writeRaw('llm-service', 'Assertion failed: (a != b), function f, file x.c, line 1.');
  pipeline.writeRaw('osc-bridge', JSON.stringify({ level: 'INFO', message: 'leak', context: `sk-${'b'.repeat(30)}` }));

  // A native start of the same checkout leaves the logs of its servers, which are no JSON.
  pipeline.writeRaw('nats-server', '[7170] 2026/11/30 07:47:32.204642 [INF] Starting nats-server');

  await Promise.all([pipeline.startLoki(), pipeline.startShipper()]);
  const told = () => {
    const rows = alertmanager.alerts.map(({ labels, annotations }) =>
      [labels.alertname, labels.service, labels.severity, annotations.summary].join(' | '),
    );
    return [...new Set(rows)].sort();
  };
  await waitFor(() => told().length >= 4, 'four alerts', LIMIT_MS).catch((error: unknown) => {
    throw new Error(`${told().join('\n')}\n${pipeline.output()}`, { cause: error });
  });
  assert.deepEqual(told(), [
    'SecretInLogs | osc-bridge | critical | A secret stands in the log of osc-bridge',
    'UnexplainedCriticalLog | supervisor | critical | supervisor: The supervisor ends',
    "UnexplainedErrorLog | audio-gateway | warning | audio-gateway: An input is the bot's own output and is never opened",
    'UnstructuredLogLine | llm-service | warning | llm-service wrote a line that no logger made',
  ]);
});
