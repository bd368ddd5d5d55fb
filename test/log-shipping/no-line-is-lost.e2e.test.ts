import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { test } from 'node:test';
import { waitFor } from '@understudy/shared/testing';
import { findProgram, whyNot } from '../programs/find-program.ts';
import { createLogPipeline, type LogPipeline } from './log-pipeline.ts';
import { createLogWriter, type LogWriter } from './log-writer.ts';
import { type LokiLine, lokiLines } from './loki-lines.ts';

const fluentBit = findProgram('fluent-bit');
const loki = findProgram('loki');

const HOUR_MS = 3_600_000;
const FILE_BYTES = 256 * 1024;
/** Most of a file. */
const BATCH = 700;
const CRASH_OUTPUT = 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory';
const TOO_LONG_BYTES = 1.5 * 1024 * 1024;
const now = Date.now();
const TRACED = {
  timestamp: new Date(now + 60_000).toISOString(),
  level: 'ERROR',
  message: 'Traced',
  trace_id: 'a'.repeat(32),
};
const ALL = '{service_namespace="understudy"}';
const LIMIT_MS = 120_000;

interface NumberedLine {
  readonly context: { readonly number: number };
}

const isNumbered = ({ text }: LokiLine): boolean => text.includes('"message":"Numbered"');
const numberOf = ({ text }: LokiLine): number => (JSON.parse(text) as NumberedLine).context.number;
const numbersOf = (lines: readonly LokiLine[], service: string): number[] =>
  lines
    .filter((line) => line.labels['service_name'] === service && isNumbered(line))
    .map(numberOf)
    .sort((a, b) => a - b);
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

/** Batches of each, at a pace that Fluent Bit follows whatever else the machine does. */
async function writePaced(pipeline: LogPipeline, writers: readonly LogWriter[], batches: number, at: number) {
  for (let batch = 0; batch < batches; batch += 1) {
    for (const writer of writers) writer.write(BATCH, at + batch * BATCH);
    await pipeline.shipperHasRead();
  }
}

/**
 * Fluent Bit is killed in the middle of its reading. Each file rotates once while it is away, which is what it may miss: at the second
 * rotation the file that it had begun is compressed.
 */
async function killShipperInTheMiddle(pipeline: LogPipeline, writers: readonly LogWriter[], at: number) {
  const before = writers.map((writer) => writer.rotations());
  for (const writer of writers) writer.write(BATCH / 2, at);
  await pipeline.killShipper();
  for (const [index, writer] of writers.entries()) {
    for (let later = BATCH; writer.rotations() === before[index]; later += 1) writer.write(1, at + later);
    writer.write(BATCH / 2, at + 3 * BATCH);
  }
  await pipeline.startShipper();
}

async function linesInLoki(pipeline: LogPipeline, expected: number): Promise<LokiLine[]> {
  let lines: LokiLine[] = [];
  const haveArrived = async () => {
    lines = await lokiLines(pipeline.lokiUrl, ALL, now - 40 * HOUR_MS, now + HOUR_MS);
    return lines.length >= expected;
  };
  await waitFor(haveArrived, `${expected} lines in Loki`, LIMIT_MS).catch((error: unknown) => {
    throw new Error(`${lines.length} of ${expected} lines are in Loki.\n${pipeline.output()}`, { cause: error });
  });
  return lines;
}

test('no line is lost while Fluent Bit is killed, Loki is killed and away for hours, files rotate, and lines are no JSON', {
  skip: whyNot([fluentBit, loki]),
}, async (t) => {
  const pipeline = await createLogPipeline(fluentBit, loki);
  t.after(() => pipeline.stop());
  const inContainer = createLogWriter('llm-service', pipeline.logsFolder, FILE_BYTES);
  const onHost = createLogWriter('audio-gateway', pipeline.hostLogsFolder, FILE_BYTES);
  const writers = [inContainer, onHost];

  await Promise.all([pipeline.startLoki(), pipeline.startShipper()]);
  await writePaced(pipeline, writers, 4, now - 30 * HOUR_MS);
  await killShipperInTheMiddle(pipeline, writers, now - 29 * HOUR_MS);
  await pipeline.shipperHasRead();

  // By the lines' own time Loki is away for a day. Fluent Bit dies once more: what waits is on its disk.
  await pipeline.killLoki();
  await writePaced(pipeline, writers, 4, now - 26 * HOUR_MS);
  appendFileSync(inContainer.file, `${CRASH_OUTPUT}\n${'y'.repeat(TOO_LONG_BYTES)}\n${JSON.stringify(TRACED)}\n`);
  await writePaced(pipeline, writers, 4, now - 10 * HOUR_MS);
  await killShipperInTheMiddle(pipeline, writers, now - HOUR_MS);
  await Promise.all([pipeline.startLoki(), pipeline.shipperHasRead()]);

  // What is new arrives before what has waited.
  await writePaced(pipeline, writers, 1, now);
  for (const writer of writers) writer.close();

  const lines = await linesInLoki(pipeline, inContainer.written() + onHost.written() + 3);
  for (const writer of writers) {
    assert.deepEqual(numbersOf(lines, writer.service), upTo(writer.written()));
    t.diagnostic(`${writer.service}: all of ${writer.written()} lines, ${writer.rotations()} rotations`);
  }
  const labels = { service_namespace: 'understudy', service_name: 'llm-service' };
  const [crash, long, traced, ...others] = lines.filter((line) => !isNumbered(line));
  assert.deepEqual(crash && [crash.labels, crash.text], [
    { ...labels, level: 'UNKNOWN' },
    JSON.stringify({ log: CRASH_OUTPUT }),
  ]);
  assert.deepEqual(long?.labels, { ...labels, level: 'UNKNOWN' });
  assert.match(long.text, /^\{"log":"y{999000,}/);
  // What is a label or metadata is not in the text a second time.
  assert.deepEqual(traced && { ...traced, text: JSON.parse(traced.text) as unknown }, {
    labels: { ...labels, level: 'ERROR', trace_id: TRACED.trace_id },
    at: BigInt(Date.parse(TRACED.timestamp)) * 1_000_000n,
    text: { timestamp: TRACED.timestamp, message: TRACED.message },
  });
  assert.deepEqual(others, []);
});
