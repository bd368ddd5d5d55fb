import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import {
  currentTrace,
  keepTrace,
  sendingHeaders,
  startTracing,
  type TraceHeaders,
  withSpan,
} from '@understudy/shared/telemetry';
import { waitFor } from '@understudy/shared/testing';
import { findProgram, whyNot } from '../programs/find-program.ts';
import { startTraceStore, type TraceStore } from './trace-store.ts';

const tempo = findProgram('tempo');
const prometheus = findProgram('prometheus');
const LIMIT_MS = 120_000;

const idOf = (): string => currentTrace()?.traceId ?? '';

suite('traces in a real Tempo', { skip: whyNot([tempo, prometheus]) }, () => {
  let store: TraceStore;
  before(async () => {
    store = await startTraceStore(tempo, prometheus);
  });
  after(() => store.stop());

  /** Runs `work` as a service does that keeps `sampleRatio` of its traces, and sends what it keeps. */
  async function as<T>(service: string, sampleRatio: number, work: () => Promise<T>): Promise<T> {
    const tracing = await startTracing({ service, version: 'test', endpoint: store.endpoint, sampleRatio });
    try {
      return await work();
    } finally {
      await tracing.shutdown();
    }
  }
  const hasArrived = (traceId: string, names: readonly string[]) =>
    waitFor(
      async () => (await store.spanNames(traceId)).length >= names.length,
      `the trace ${traceId} of ${names.length} spans`,
      LIMIT_MS,
    ).then(async () => assert.deepEqual(await store.spanNames(traceId), names));

  test('a trace that crosses the bus is found whole, and the service graph shows who called whom', async () => {
    const sent = await as('audio-gateway', 1, () =>
      withSpan('audio-gateway.input', { kind: 'server' }, () => ({
        traceId: idOf(),
        headers: sendingHeaders('publish input'),
      })),
    );
    await as('llm-service', 1, () => withSpan('llm.turn', { kind: 'consumer', parent: sent.headers }, () => {}));
    await hasArrived(sent.traceId, ['audio-gateway.input', 'llm.turn', 'publish input']);
    await waitFor(
      async () => (await store.edges()).includes('audio-gateway -> llm-service'),
      'the edge audio-gateway -> llm-service in Prometheus',
      LIMIT_MS,
    );
  });

  test('where no trace is picked, those of failures and recoveries are kept all the same', async () => {
    const ids = await as('llm-service', 0, async () => {
      const well = await withSpan('turn', {}, idOf);
      const reported = await withSpan('turn', {}, () => {
        keepTrace();
        return idOf();
      });
      let failed = '';
      const failing = withSpan('turn', {}, async () => {
        failed = idOf();
        await withSpan('call', {}, () => {
          throw new Error('quota exhausted');
        });
      });
      await assert.rejects(failing);
      return { well, reported, failed };
    });
    const error: TraceHeaders = { traceparent: `00-${ids.well}-${'b'.repeat(16)}-00` };
    await as('supervisor', 0, () =>
      withSpan('recover attempt', { keep: true, parent: error }, () => withSpan('request reconnect', {}, () => {})),
    );
    await hasArrived(ids.failed, ['call', 'turn']);
    await hasArrived(ids.reported, ['turn']);
    // Of the turn itself nothing is there: it went well in its own process.
    await hasArrived(ids.well, ['recover attempt', 'request reconnect']);
  });
});
